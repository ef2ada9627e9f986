namespace Aspire.Hosting.ApplicationModel;

/// <summary>The endpoints of one resource that another one refers to.</summary>
public sealed class EndpointReferenceAnnotation(IResourceWithEndpoints resource) : IResourceAnnotation
{
    public IResourceWithEndpoints Resource { get; } = resource;

    public bool UseAllEndpoints { get; set; }

    public ISet<string> EndpointNames { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
