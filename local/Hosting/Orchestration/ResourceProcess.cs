using System.Collections.Immutable;
using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventDriven.LocalHosting;

/// <summary>One replica of a resource: starts its process, shows its state, keeps its output, stops it.</summary>
internal sealed class ResourceProcess(IResource resource, string id, EndpointAllocator endpoints, ProcessLauncher launcher, IServiceProvider services) : IDisposable
{
    private readonly ResourceNotificationService _notifications = services.GetRequiredService<ResourceNotificationService>();
    private readonly ResourceLoggerService _logs = services.GetRequiredService<ResourceLoggerService>();
    private readonly IDistributedApplicationEventing _eventing = services.GetRequiredService<IDistributedApplicationEventing>();
    private readonly DistributedApplicationModel _model = services.GetRequiredService<DistributedApplicationModel>();
    private readonly ILogger _logger = services.GetRequiredService<ILogger<Orchestrator>>();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private LaunchedProcess? _process;
    private Task _exit = Task.CompletedTask;
    private bool _stopRequested;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts the process once what it waits for is there. A failure becomes the resource's state, no exception.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_notifications.TryGetCurrentState(id, out var now) && now.Snapshot.State?.Text == KnownResourceStates.Waiting)
        {
            // Another start waits for dependencies: this one, by command, releases it.
            await ShowAsync(s => s with { State = KnownResourceStates.Starting });
            return;
        }

        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (IsRunning)
                return;
            _stopRequested = false;
            await ShowAsync(s => s with
            {
                State = KnownResourceStates.Starting,
                ExitCode = null,
                StopTimeStamp = null,
                Ready = null,
                HealthReports = [.. resource.HealthCheckKeys().Select(k => new HealthReportSnapshot(k, null, null, null))],
            });
            await PublishConnectionStringAvailableAsync(resource, cancellationToken);
            await _eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services) { InstanceId = id }, cancellationToken);
            await LaunchAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ShowAsync(s => s with { State = KnownResourceStates.NotStarted });
        }
#pragma warning disable CA1031 // Whatever keeps a resource from starting is shown as its state.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            Log.ResourceFailed(_logs.GetLogger(id), resource.Name, ex.Message);
            Log.ResourceFailed(_logger, resource.Name, ex.Message);
            await ShowAsync(s => s with { State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error) });
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>SIGTERM to the process and its children, SIGKILL after <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (_process is not { HasExited: false } process)
            return;
        _stopRequested = true;
        await ShowAsync(s => s with { State = KnownResourceStates.Stopping });
        if (!await process.StopAsync(grace))
            Log.Killed(_logger, resource.Name, grace.TotalSeconds);
        await _exit;
    }

    public void Dispose() => _starting.Dispose();

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var spec = await LaunchSpec.CreateAsync(resource, id, endpoints, services, cancellationToken);
        var process = launcher.Launch(spec, (line, isError) => _logs.Write(id, line, isError));
        _process = process;
        await ShowAsync(s => spec.Describe(s) with
        {
            State = KnownResourceStates.Running,
            StartTimeStamp = DateTime.UtcNow,
            Urls = ResourceUrls.Snapshot(resource, active: true),
        });
        await ShowAsync(s => s.WithProperty("executable.pid", process.Id));
        _exit = WatchExitAsync(process);
    }

    private async Task WatchExitAsync(LaunchedProcess process)
    {
        var exitCode = await process.WaitForExitAsync();
        var died = exitCode != 0 && !_stopRequested;
        if (died)
            Log.ResourceDied(_logger, resource.Name, exitCode, _logs.LastLines(id));
        await ShowAsync(s => s with
        {
            State = new(KnownResourceStates.Finished, died ? KnownResourceStateStyles.Error : null),
            ExitCode = exitCode,
            StopTimeStamp = DateTime.UtcNow,
            Urls = ResourceUrls.Snapshot(resource, active: false),
        });
        if (_notifications.TryGetCurrentState(id, out var last))
            await _eventing.PublishAsync(new ResourceStoppedEvent(resource, services, last));
    }

    private async Task PublishConnectionStringAvailableAsync(IResource of, CancellationToken cancellationToken)
    {
        if (of is IResourceWithConnectionString)
            await _eventing.PublishAsync(new ConnectionStringAvailableEvent(of, services), cancellationToken);
        foreach (var child in _model.DependentChildren(of))
            await PublishConnectionStringAvailableAsync(child, cancellationToken);
    }

    private Task ShowAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => _notifications.PublishUpdateAsync(resource, id, change);
}
