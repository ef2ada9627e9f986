using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventDriven.LocalHosting;

/// <summary>Brings the model to life: allocates ports, starts every process when what it waits for is there, and stops them in reverse.</summary>
internal sealed class Orchestrator : IHostedService, IAsyncDisposable
{
    /// <summary>From the signal to stop until nothing runs any more.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(9);

    private readonly DistributedApplicationModel _model;
    private readonly IDistributedApplicationEventing _eventing;
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _logs;
    private readonly IServiceProvider _services;
    private readonly ILogger<Orchestrator> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, ResourceProcess> _processes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Task> _starts = [];
    private readonly EndpointAllocator _endpoints;
    private readonly ProcessLauncher _launcher;

    public Orchestrator(
        DistributedApplicationModel model,
        IDistributedApplicationEventing eventing,
        ResourceNotificationService notifications,
        ResourceLoggerService logs,
        IConfiguration configuration,
        IServiceProvider services,
        ILogger<Orchestrator> logger)
    {
        _model = model;
        _eventing = eventing;
        _notifications = notifications;
        _logs = logs;
        _services = services;
        _logger = logger;
        _endpoints = new EndpointAllocator(configuration.GetValue("DcpPublisher:RandomizePorts", false));
        _launcher = new ProcessLauncher();
    }

    /// <summary>Names the processes of the resources that have any, and gives them their commands. May be called again.</summary>
    public static void Prepare(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources.Where(r => r is ProjectResource or ExecutableResource && !r.HasAnnotationOfType<InstancesAnnotation>()).ToArray())
        {
            resource.Annotations.Add(new InstancesAnnotation(
                [.. Enumerable.Range(0, resource.GetReplicaCount()).Select(_ => $"{resource.Name}-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8)}")]));
            LifecycleCommands.AddTo(resource);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Prepare(_model.Resources);
        CheckHealthChecks();
        _eventing.Subscribe<BeforeResourceStartedEvent>(WaitForDependenciesAsync);
        _eventing.Subscribe<ConnectionStringAvailableEvent>(ShowConnectionStringAsync);

        _endpoints.Allocate(_model.Resources);
        foreach (var parameter in _model.Resources.OfType<ParameterResource>())
            await ShowParameterAsync(parameter, cancellationToken);
        foreach (var resource in _model.Resources)
            await ShowAsync(resource, cancellationToken);

        _launcher.Start();
        foreach (var resource in _model.Resources)
        {
            if (resource is ProjectResource or ExecutableResource)
            {
                foreach (var id in resource.InstanceIds())
                    _processes[id] = new ResourceProcess(resource, id, _endpoints, _launcher, _services);
            }
            _starts.Add(Task.Run(() => InitializeAsync(resource), CancellationToken.None));
        }
        await _eventing.PublishAsync(new AfterResourcesCreatedEvent(_services, _model), cancellationToken);
    }

    /// <summary>Stops each process once those that wait for it are gone.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var plan = new StopPlan(_model.Resources, r => r.InstanceIds().Any(id => _processes.TryGetValue(id, out var p) && p.IsRunning));
        var grace = StopTimeout * 0.9 / Math.Max(1, plan.Depth);
        await plan.RunAsync(resource => Task.WhenAll(resource.InstanceIds()
            .Where(_processes.ContainsKey)
            .Select(id => _processes[id].StopAsync(grace))));
        _launcher.KillLeftovers();
        _endpoints.Dispose();
    }

    public async Task StartResourceAsync(string instanceId, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await Find(instanceId).StartAsync(stop.Token);
    }

    public Task StopResourceAsync(string instanceId) => Find(instanceId).StopAsync(StopTimeout);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
            process.Dispose();
        _endpoints.Dispose();
        await _launcher.DisposeAsync();
        _stopping.Dispose();
    }

    private ResourceProcess Find(string instanceId) => _processes.TryGetValue(instanceId, out var process)
        ? process
        : throw new DistributedApplicationException($"Resource '{instanceId}' has no process.");

    private void CheckHealthChecks()
    {
        var registered = _services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var resource in _model.Resources)
        {
            if (resource.HealthCheckKeys().FirstOrDefault(key => !registered.Contains(key)) is { } missing)
                throw new DistributedApplicationException($"The health check '{missing}' is not registered and is required for resource '{resource.Name}'.");
        }
    }

    private async Task InitializeAsync(IResource resource)
    {
        var stop = _stopping.Token;
        // Not awaited before the start: a subscriber may go on for as long as the application runs.
        var initialized = PublishSafelyAsync(new InitializeResourceEvent(resource, _eventing, _logs, _notifications, _services), stop);
        if (resource.Annotations.OfType<EndpointAnnotation>().Any())
            await PublishSafelyAsync(new ResourceEndpointsAllocatedEvent(resource, _services), stop);
        if (!resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            await Task.WhenAll(resource.InstanceIds().Where(_processes.ContainsKey).Select(id => _processes[id].StartAsync(stop)));
        await initialized;
    }

    private async Task PublishSafelyAsync<T>(T e, CancellationToken cancellationToken)
        where T : IDistributedApplicationResourceEvent
    {
        try
        {
            await _eventing.PublishAsync(e, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // A subscriber's failure must not keep the others from starting.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            Log.SubscriberFailed(_logger, typeof(T).Name, e.Resource.Name, ex.Message);
        }
    }

    private async Task WaitForDependenciesAsync(BeforeResourceStartedEvent e, CancellationToken cancellationToken)
    {
        if (!e.Resource.HasAnnotationOfType<WaitAnnotation>())
            return;

        var ids = e.InstanceId is { } one ? [one] : e.Resource.InstanceIds();
        foreach (var id in ids)
            await _notifications.PublishUpdateAsync(e.Resource, id, s => s with { State = KnownResourceStates.Waiting });

        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var dependencies = _notifications.WaitForDependenciesAsync(e.Resource, done.Token);
        // The start command moves a waiting resource on to Starting: whoever gave it does not want to wait any longer.
        var released = _notifications.WaitForResourceAsync(
            e.Resource.Name, change => ids.Contains(change.ResourceId) && change.Snapshot.State?.Text != KnownResourceStates.Waiting, done.Token);
        var first = await Task.WhenAny(dependencies, released);
        await done.CancelAsync();
        await first;

        foreach (var id in ids)
            await _notifications.PublishUpdateAsync(e.Resource, id, s => s with { State = KnownResourceStates.Starting });
    }

    private async Task ShowConnectionStringAsync(ConnectionStringAvailableEvent e, CancellationToken cancellationToken)
    {
        if (e.Resource is not IResourceWithConnectionString resource)
            return;
        var value = await resource.GetConnectionStringAsync(cancellationToken);
        await _notifications.PublishUpdateAsync(resource, s => s.WithProperty(CustomResourceKnownProperties.ConnectionString, value, sensitive: true));
    }

    private async Task ShowParameterAsync(ParameterResource parameter, CancellationToken cancellationToken)
    {
        try
        {
            var value = await parameter.GetValueAsync(cancellationToken);
            await _notifications.PublishUpdateAsync(parameter, s => s.WithProperty("Value", value, parameter.Secret) with { State = KnownResourceStates.Running });
        }
        catch (MissingParameterValueException ex)
        {
            Log.ParameterMissing(_logger, parameter.Name, ex.Message);
            await _notifications.PublishUpdateAsync(parameter, s => s with { State = new(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn) });
        }
    }

    private async Task ShowAsync(IResource resource, CancellationToken cancellationToken)
    {
        await ResourceUrls.CollectAsync(resource, _services, _logs.GetLogger(resource), cancellationToken);
        var parent = resource.ParentOf();
        await _notifications.PublishUpdateAsync(resource, s =>
        {
            s = s with
            {
                State = s.State ?? (resource is ProjectResource or ExecutableResource ? KnownResourceStates.NotStarted : null),
                Urls = ResourceUrls.Snapshot(resource, active: false),
                HealthReports = [.. resource.HealthCheckKeys().Select(k => new HealthReportSnapshot(k, null, null, null))],
                Relationships =
                [
                    .. resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                        .Where(r => r.Resource != resource)
                        .Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)).Distinct(),
                ],
            };
            return parent is null ? s : s.WithProperty("resource.parentName", parent.InstanceIds()[0]);
        });
    }
}
