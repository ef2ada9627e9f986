namespace Aspire.Hosting.ApplicationModel;

/// <summary>The names of a resource's processes, one per replica: the resource's name and a random suffix.</summary>
internal sealed class InstancesAnnotation(IReadOnlyList<string> ids) : IResourceAnnotation
{
    public IReadOnlyList<string> Ids { get; } = ids;
}
