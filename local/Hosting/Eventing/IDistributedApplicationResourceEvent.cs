using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Eventing;

/// <summary>An event about one resource.</summary>
public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
{
    IResource Resource { get; }

    IServiceProvider Services { get; }

    /// <summary>Writes to the resource's console log.</summary>
    ILogger Logger => Services.GetRequiredService<ResourceLoggerService>().GetLogger(Resource);
}
