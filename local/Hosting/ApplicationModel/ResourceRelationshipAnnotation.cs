namespace Aspire.Hosting.ApplicationModel;

public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    /// <summary><c>Reference</c>, <c>WaitFor</c>, <c>Parent</c> or a word of one's own.</summary>
    public string Type { get; } = type;
}
