using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace EventDriven.LocalHosting;

/// <summary>Checks the health of every running resource, and says once when it is ready.</summary>
internal sealed class HealthMonitor(
    ResourceNotificationService notifications,
    HealthCheckService healthChecks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services) : BackgroundService
{
    private static readonly TimeSpan HealthyInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UnhealthyStep = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestUnhealthyInterval = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var monitors = new Dictionary<IResource, CancellationTokenSource>();
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                var resource = change.Resource;
                if (change.Snapshot.State?.Text == KnownResourceStates.Running && !monitors.ContainsKey(resource))
                {
                    var stop = monitors[resource] = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    _ = Task.Run(() => MonitorAsync(resource, stop.Token), stop.Token);
                }
                else if (monitors.TryGetValue(resource, out var stop) && !resource.InstanceIds().Any(IsRunning))
                {
                    await stop.CancelAsync();
                    monitors.Remove(resource);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }

        bool IsRunning(string id) => notifications.TryGetCurrentState(id, out var state) && state.Snapshot.State?.Text == KnownResourceStates.Running;
    }

    private async Task MonitorAsync(IResource resource, CancellationToken cancellationToken)
    {
        var keys = resource.HealthCheckKeys();
        var ready = false;
        for (var failures = 0; ;)
        {
            var report = await CheckAsync(keys, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await ShowAsync(resource, report);
            failures = report.Status == HealthStatus.Healthy ? 0 : failures + 1;
            if (failures == 0 && !ready)
            {
                ready = true;
                await AnnounceReadyAsync(resource, cancellationToken);
            }
            if (keys.Count == 0)
                return;
            var pause = failures == 0 ? HealthyInterval : UnhealthyStep * failures;
            await Task.Delay(failures > 0 && pause > LongestUnhealthyInterval ? LongestUnhealthyInterval : pause, cancellationToken);
        }
    }

    private async Task<HealthReport> CheckAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            return await healthChecks.CheckHealthAsync(registration => keys.Contains(registration.Name), cancellationToken);
        }
#pragma warning disable CA1031 // A check that cannot even be created makes its resource unhealthy.
        catch (Exception ex) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new HealthReport(
                keys.ToDictionary(k => k, _ => new HealthReportEntry(HealthStatus.Unhealthy, "The health check could not be run.", TimeSpan.Zero, ex, null)), TimeSpan.Zero);
        }
    }

    private Task ShowAsync(IResource resource, HealthReport report) => report.Entries.Count == 0
        ? Task.CompletedTask
        : notifications.PublishUpdateAsync(resource, s => s with
        {
            HealthReports =
            [
                .. s.HealthReports.Select(old => report.Entries.TryGetValue(old.Name, out var entry)
                    ? new HealthReportSnapshot(old.Name, entry.Status, entry.Description, entry.Exception?.ToString()) { LastRunAt = DateTime.UtcNow }
                    : old),
            ],
        });

    private async Task AnnounceReadyAsync(IResource resource, CancellationToken cancellationToken)
    {
        var handled = eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
        await handled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await notifications.PublishUpdateAsync(resource, s => s with { Ready = handled });
    }
}
