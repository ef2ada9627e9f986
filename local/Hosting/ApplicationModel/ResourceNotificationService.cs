using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EventDriven.LocalHosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Keeps the newest snapshot of every resource instance and tells those who watch.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Channel<ResourceEvent>, byte> _watchers = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly IServiceProvider _services;
    private readonly ResourceLoggerService _logs;
    private readonly WaitBehavior _defaultWaitBehavior;

    internal ResourceNotificationService(IServiceProvider services, ResourceLoggerService logs, IOptions<ResourceNotificationServiceOptions> options)
    {
        _services = services;
        _logs = logs;
        _defaultWaitBehavior = options.Value.DefaultWaitBehavior;
    }

    /// <summary>Every instance's newest snapshot, then each change, until cancelled.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        var channel = Channel.CreateUnbounded<ResourceEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (_lock)
        {
            foreach (var state in _states.Values)
                channel.Writer.TryWrite(state);
            _watchers.TryAdd(channel, 0);
        }
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(stop.Token))
                yield return change;
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    /// <summary>Every instance's newest snapshot.</summary>
    internal IReadOnlyList<ResourceEvent> Current()
    {
        lock (_lock)
            return [.. _states.Values];
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            if (!_states.TryGetValue(resourceId, out resourceEvent))
            {
                var named = _states.Values.Where(s => string.Equals(s.Resource.Name, resourceId, StringComparison.OrdinalIgnoreCase)).Take(2).ToArray();
                resourceEvent = named.Length == 1 ? named[0] : null;
            }
            return resourceEvent is not null;
        }
    }

    /// <summary>Changes the snapshot of every instance of a resource.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        foreach (var id in resource.InstanceIds())
            Update(resource, id, stateFactory);
        return Task.CompletedTask;
    }

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        Update(resource, resourceId, stateFactory);
        return Task.CompletedTask;
    }

    /// <summary>Waits until an instance of the resource is in <paramref name="targetState"/> (Running when null).</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [string.IsNullOrEmpty(targetState) ? KnownResourceStates.Running : targetState], cancellationToken);

    /// <returns>The state it is in.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var found = await WaitForResourceAsync(
            resourceName,
            e => e.Snapshot.State is { } state && targetStates.Contains(state.Text, StringComparer.Ordinal),
            cancellationToken);
        return found.Snapshot.State!.Text;
    }

    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change))
                return change;
        }
        throw new OperationCanceledException($"The wait for resource '{resourceName}' was cancelled.", cancellationToken);
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, _defaultWaitBehavior, cancellationToken);

    /// <summary>Waits until the resource is healthy and its ready event was handled.</summary>
    /// <exception cref="DistributedApplicationException">It stopped or failed or is not there, and <paramref name="waitBehavior"/> says to stop too.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        if (waitBehavior == WaitBehavior.StopOnResourceUnavailable
            && !_services.GetRequiredService<DistributedApplicationModel>().Resources.TryGetByName(resourceName, out _))
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it does not exist in the application model.");
        }
        var found = await WaitForResourceAsync(
            resourceName,
            e => (e.Snapshot.HealthStatus == HealthStatus.Healthy && e.Snapshot.Ready is not null) || GivesUp(waitBehavior, e.Snapshot),
            cancellationToken);
        if (found.Snapshot.HealthStatus != HealthStatus.Healthy)
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start.{_logs.LastLines(found.ResourceId)}");
        }
        await found.Snapshot.Ready!.WaitAsync(cancellationToken);
        return found;
    }

    /// <summary>Waits for everything the resource's <see cref="WaitAnnotation"/>s name, showing it as waiting meanwhile.</summary>
    /// <exception cref="DistributedApplicationException">A dependency failed.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitForDependencyAsync(resource, wait, cancellationToken)));

    public void Dispose()
    {
        _disposing.Cancel();
        _disposing.Dispose();
        GC.SuppressFinalize(this);
    }

    private static bool GivesUp(WaitBehavior behavior, CustomResourceSnapshot snapshot) =>
        behavior == WaitBehavior.StopOnResourceUnavailable
        && (snapshot.IsTerminal || snapshot.State?.Text == KnownResourceStates.RuntimeUnhealthy);

    private async Task WaitForDependencyAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var logger = _logs.GetLogger(resource);
        Log.WaitingFor(logger, wait.Resource.Name, wait.WaitType);
        await Task.WhenAll(wait.Resource.InstanceIds().Select(id => WaitForInstanceAsync(resource, wait, id, cancellationToken)));
        Log.WaitedFor(logger, wait.Resource.Name);
    }

    private async Task WaitForInstanceAsync(IResource resource, WaitAnnotation wait, string id, CancellationToken cancellationToken)
    {
        var behavior = wait.WaitBehavior ?? _defaultWaitBehavior;
        var change = await WaitForResourceAsync(wait.Resource.Name, e => e.ResourceId == id && IsOver(e.Snapshot), cancellationToken);
        var (state, exitCode) = (change.Snapshot.State?.Text, change.Snapshot.ExitCode);

        var failed = wait.WaitType == WaitType.WaitForCompletion
            ? state == KnownResourceStates.FailedToStart || exitCode != wait.ExitCode
            : state != KnownResourceStates.Running;
        if (failed)
        {
            throw new DistributedApplicationException(
                $"Resource '{resource.Name}' stopped waiting for dependency resource '{wait.Resource.Name}' because it entered the '{state}' state"
                + (exitCode is null ? "." : $" with exit code '{exitCode}'."));
        }
        if (wait.WaitType == WaitType.WaitUntilHealthy)
            await change.Snapshot.Ready!.WaitAsync(cancellationToken);

        bool IsOver(CustomResourceSnapshot s) => wait.WaitType switch
        {
            WaitType.WaitForCompletion => s.IsTerminal,
            WaitType.WaitUntilStarted => s.State?.Text == KnownResourceStates.Running || GivesUp(behavior, s),
            _ => (s.HealthStatus == HealthStatus.Healthy && s.Ready is not null) || GivesUp(behavior, s),
        };
    }

    private void Update(IResource resource, string id, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        lock (_lock)
        {
            var previous = _states.TryGetValue(id, out var state) ? state.Snapshot : Initial(resource);
            var next = WithCommands(resource, change(previous));
            var published = new ResourceEvent(resource, id, next);
            _states[id] = published;
            foreach (var watcher in _watchers.Keys)
                watcher.Writer.TryWrite(published);
        }
    }

    private static CustomResourceSnapshot Initial(IResource resource)
    {
        var snapshot = resource.TryGetLastAnnotation<ResourceSnapshotAnnotation>(out var initial)
            ? initial.InitialSnapshot
            : new CustomResourceSnapshot
            {
                ResourceType = resource switch
                {
                    ProjectResource => "Project",
                    ExecutableResource => "Executable",
                    _ => resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
                },
                Properties = [],
            };
        resource.TryGetLastAnnotation<ResourceIconAnnotation>(out var icon);
        return snapshot with
        {
            CreationTimeStamp = snapshot.CreationTimeStamp ?? DateTime.UtcNow,
            IconName = snapshot.IconName ?? icon?.IconName,
            IconVariant = snapshot.IconVariant ?? icon?.IconVariant,
        };
    }

    private CustomResourceSnapshot WithCommands(IResource resource, CustomResourceSnapshot snapshot)
    {
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = _services };
        return snapshot with
        {
            Commands =
            [
                .. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(c => new ResourceCommandSnapshot(
                    c.Name, c.UpdateState(context), c.DisplayName, c.DisplayDescription, c.Parameter, c.ConfirmationMessage, c.IconName, c.IconVariant, c.IsHighlighted)),
            ],
        };
    }
}
