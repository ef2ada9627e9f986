using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource is about to start; subscribers may hold it back. Waiting for dependencies happens here.</summary>
public class BeforeResourceStartedEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
{
    public IResource Resource { get; } = resource;

    public IServiceProvider Services { get; } = services;

    /// <summary>The one instance that starts.</summary>
    internal string? InstanceId { get; init; }
}
