using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A resource whose endpoints are found by name (<c>services__name__scheme__0</c>).</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
