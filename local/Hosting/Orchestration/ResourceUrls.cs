using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventDriven.LocalHosting;

/// <summary>The links shown with a resource: one per endpoint, then its own, then what its callbacks make of them.</summary>
internal static class ResourceUrls
{
    public static async Task CollectAsync(IResource resource, IServiceProvider services, ILogger logger, CancellationToken cancellationToken)
    {
        var own = resource.Annotations.OfType<ResourceUrlAnnotation>().ToArray();
        List<ResourceUrlAnnotation> urls = [];
        if (resource is IResourceWithEndpoints owner)
            urls.AddRange(owner.GetEndpoints().Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = e }));
        urls.AddRange(own);

        var context = new ResourceUrlsCallbackContext(services.GetRequiredService<DistributedApplicationExecutionContext>(), resource, urls, cancellationToken) { Logger = logger };
        foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>().ToArray())
            await callback.Callback(context);

        foreach (var url in own)
            resource.Annotations.Remove(url);
        foreach (var url in urls)
        {
            if (url.Endpoint is { } endpoint && url.Url.StartsWith('/'))
                url.Url = endpoint.Url.TrimEnd('/') + url.Url;
            resource.Annotations.Add(url);
        }
    }

    /// <param name="active">Whether the process behind the endpoints runs; a link that is no endpoint's is always active.</param>
    public static ImmutableArray<UrlSnapshot> Snapshot(IResource resource, bool active) =>
    [
        .. resource.Annotations.OfType<ResourceUrlAnnotation>().Select(u =>
            new UrlSnapshot(u.Endpoint?.EndpointName, u.Url, u.DisplayLocation == UrlDisplayLocation.DetailsOnly)
            {
                IsInactive = u.Endpoint is not null && !active,
                DisplayProperties = new UrlDisplayPropertiesSnapshot(u.DisplayText ?? ""),
            }),
    ];
}
