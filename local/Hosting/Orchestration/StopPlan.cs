using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace EventDriven.LocalHosting;

/// <summary>The order to stop in: what waits for a resource, or is a part of it, goes before it.</summary>
internal sealed class StopPlan
{
    private readonly Dictionary<IResource, IResource[]> _dependents;
    private readonly Func<IResource, bool> _isRunning;

    public StopPlan(ICollection<IResource> resources, Func<IResource, bool> isRunning)
    {
        _isRunning = isRunning;
        _dependents = resources.ToDictionary(r => r, r => resources.Where(other => other != r && DependsOn(other, r)).ToArray());
        Depth = resources.Select(r => DepthOf(r, [])).DefaultIfEmpty(0).Max();
    }

    /// <summary>How many running processes must stop one after the other, at most.</summary>
    public int Depth { get; }

    public Task RunAsync(Func<IResource, Task> stop)
    {
        var stops = new Dictionary<IResource, Task>();
        return Task.WhenAll(_dependents.Keys.Select(r => StopAsync(r, [])));

        // Those on the way from the first call are left out of the wait: resources may wait for each other in a circle.
        Task StopAsync(IResource resource, HashSet<IResource> path)
        {
            if (stops.TryGetValue(resource, out var running))
                return running;
            var before = _dependents[resource].Where(d => !path.Contains(d)).Select(d => StopAsync(d, [.. path, resource])).ToArray();
            return stops[resource] = RunOneAsync(before, resource);
        }

        async Task RunOneAsync(Task[] before, IResource resource)
        {
            await Task.WhenAll(before);
            await stop(resource);
        }
    }

    private static bool DependsOn(IResource resource, IResource other) =>
        resource.Annotations.OfType<WaitAnnotation>().Any(w => w.Resource == other)
        || resource is IResourceWithParent child && child.Parent == other
        || resource is ConnectionStringResource connection && References.In(connection.ConnectionStringExpression).Contains(other);

    private int DepthOf(IResource resource, HashSet<IResource> path)
    {
        if (!path.Add(resource))
            return 0;
        var depth = _dependents[resource].Select(d => DepthOf(d, path)).DefaultIfEmpty(0).Max() + (_isRunning(resource) ? 1 : 0);
        path.Remove(resource);
        return depth;
    }
}
