using Microsoft.Extensions.Logging;

namespace EventDriven.AppHost;

/// <summary>
/// Keeps a connector as it is declared for as long as the system runs: registers it when the worker is ready, tries again what was refused, and restarts
/// what failed, so that a mended cause heals by itself.
/// </summary>
internal sealed class ConnectorKeeper(
    ConnectClient worker, string connector, IReadOnlyDictionary<string, string> configuration, ILogger logger, TimeProvider time)
{
    /// <summary>How often the connector is looked at.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly RestartPlan _restarts = new(time);
    private volatile string? _refusal;

    /// <summary>Why the worker does not take the configuration, or null where it did.</summary>
    public string? Refusal => _refusal;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await LookAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await ConnectorRegistrar.RegisterAsync(worker, connector, configuration, cancellationToken))
            {
                Log.ConnectorRegistered(logger, connector);
            }

            _refusal = null;
            await RestartWhatFailedAsync(cancellationToken);
        }
        catch (ConnectException exception)
        {
            // Said once for each reason, not every few seconds.
            if (!string.Equals(exception.Message, _refusal, StringComparison.Ordinal))
            {
                Log.ConnectorRefused(logger, connector, exception.Message);
            }

            _refusal = exception.Message;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The worker is starting or gone; its own resource shows that.
        }
    }

    private async Task RestartWhatFailedAsync(CancellationToken cancellationToken)
    {
        var status = await worker.StatusAsync(connector, cancellationToken);
        var failed = status is not null && status.Tasks.Append(status.Connector).Any(part => part.State == ConnectorPartStatus.Failed);
        if (!_restarts.IsDue(failed))
        {
            return;
        }

        Log.ConnectorRestarts(logger, connector, ConnectorHealth.Judge(status, oldest: null, TimeSpan.MaxValue).Description ?? string.Empty);
        await worker.RestartAsync(connector, onlyFailed: true, cancellationToken);
    }
}
