namespace Aspire.Hosting.ApplicationModel;

internal static class InstanceExtensions
{
    /// <summary>One name per replica; the resource's own name for one without a process.</summary>
    public static IReadOnlyList<string> InstanceIds(this IResource resource) =>
        resource.TryGetLastAnnotation<InstancesAnnotation>(out var instances) ? instances.Ids : [resource.Name];

    /// <summary>The parent that is one by type or by relationship.</summary>
    public static IResource? ParentOf(this IResource resource) => resource is IResourceWithParent child
        ? child.Parent
        : resource.Annotations.OfType<ResourceRelationshipAnnotation>().LastOrDefault(r => r.Type == RelationshipTypes.Parent)?.Resource;

    /// <summary>Children without a process of their own: they share their parent's state and events.</summary>
    public static IEnumerable<IResource> DependentChildren(this DistributedApplicationModel model, IResource parent) =>
        model.Resources.Where(r => r is IResourceWithParent child && child.Parent == parent
            && r is not (ProjectResource or ExecutableResource or ParameterResource or ConnectionStringResource));

    /// <summary>The health checks of the resource and of those it is a part of.</summary>
    public static IReadOnlyList<string> HealthCheckKeys(this IResource resource)
    {
        var keys = new List<string>();
        for (var r = resource; r is not null; r = (r as IResourceWithParent)?.Parent)
            keys.AddRange(r.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key));
        return [.. keys.Distinct()];
    }
}
