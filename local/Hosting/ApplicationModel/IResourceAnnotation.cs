namespace Aspire.Hosting.ApplicationModel;

/// <summary>A piece of what is known about a resource: an endpoint, a wait, an environment callback.</summary>
public interface IResourceAnnotation;
