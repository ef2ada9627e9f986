using EventDriven.OutboxRelay.Outbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace EventDriven.OutboxRelay;

/// <summary>Measures the outbox every few seconds, for the metrics and for readiness: a relay whose oldest row grows old does not do its work.</summary>
internal sealed class OutboxMonitor(
    OutboxStore outbox, RelayMetrics metrics, IOptions<RelayOptions> options, TimeProvider time, ILogger<OutboxMonitor> logger) : BackgroundService, IHealthCheck
{
    private const int DepthLimit = 100_000;
    private string? _error;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["unsent"] = metrics.Depth, ["oldestSeconds"] = metrics.OldestAge.TotalSeconds };
        var problem = _error ?? (metrics.OldestAge > options.Value.UnsentLimit ? $"the oldest unsent event is {metrics.OldestAge.TotalSeconds:0} s old" : null);
        return Task.FromResult(problem is null
            ? HealthCheckResult.Healthy(data: data)
            : new HealthCheckResult(context.Registration.FailureStatus, problem, data: data));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.MonitorEvery, time);
        do
        {
            try
            {
                var (depth, oldest) = await outbox.MeasureAsync(DepthLimit, stoppingToken);
                (metrics.Depth, metrics.OldestAge) = (depth, oldest is { } at ? time.GetUtcNow().UtcDateTime - at : TimeSpan.Zero);
                _error = null;
            }
            catch (MySqlException exception)
            {
                _error = exception.Message;
                Log.MeasureFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
