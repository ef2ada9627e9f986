namespace EventDriven.AppHost;

/// <summary>
/// Keeps a connector as it is declared for as long as the system runs: registers it when the worker is ready, tries again what was refused, and restarts
/// what failed, so that a mended cause heals by itself.
/// </summary>
internal sealed class ConnectorKeeper(ConnectorResource connector, ILogger logger, TimeProvider time)
{
    /// <summary>How often the connector is looked at.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly RestartPlan _restarts = new(time);
    private string? _reported;

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

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await ConnectorRegistrar.RegisterAsync(connector.Worker, connector.Name, connector.Configuration, cancellationToken))
            {
                Log.ConnectorRegistered(logger, connector.Name);
            }

            (connector.Refusal, _reported) = (null, null);
            await RestartWhatFailedAsync(cancellationToken);
        }
        catch (ConnectException exception)
        {
            connector.Refusal = exception.Message;
            Report(exception.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The worker is starting or gone; its own resource shows that.
        }
    }

    private async Task RestartWhatFailedAsync(CancellationToken cancellationToken)
    {
        var status = await connector.Worker.StatusAsync(connector.Name, cancellationToken);
        var failed = status is not null && status.Tasks.Append(status.Connector).Any(part => part.State == ConnectorPartStatus.Failed);
        if (!_restarts.IsDue(failed))
        {
            return;
        }

        Log.ConnectorRestarts(logger, connector.Name, ConnectorHealth.Judge(status, oldest: null, TimeSpan.MaxValue).Description ?? string.Empty);
        await connector.Worker.RestartAsync(connector.Name, onlyFailed: true, cancellationToken);
    }

    // Once for each reason, not every few seconds.
    private void Report(string refusal)
    {
        if (!string.Equals(refusal, _reported, StringComparison.Ordinal))
        {
            Log.ConnectorRefused(logger, connector.Name, refusal);
            _reported = refusal;
        }
    }
}
