using Confluent.Kafka;
using EventDriven.Contracts;

namespace EventDriven.AppHost;

/// <summary>What can be asked of a connector in the dashboard.</summary>
internal static class ConnectorCommands
{
    public const string Restart = "restart-connector";
    public const string Pause = "pause-connector";
    public const string Resume = "resume-connector";
    public const string Snapshot = "incremental-snapshot";

    /// <summary>Restart, pause and resume.</summary>
    public static IResourceBuilder<ConnectorResource> WithConnectorCommands(this IResourceBuilder<ConnectorResource> connector) => connector
        .WithCommand(
            Restart, "Restart connector", context => AskAsync(connector, (worker, name) => worker.RestartAsync(name, onlyFailed: false, context.CancellationToken)),
            new CommandOptions { IconName = "ArrowCounterclockwise", Description = "Restarts the connector and its tasks." })
        .WithCommand(
            Pause, "Pause connector", context => AskAsync(connector, (worker, name) => worker.PauseAsync(name, context.CancellationToken)),
            new CommandOptions { IconName = "Pause", Description = "The connector keeps its place and does nothing." })
        .WithCommand(
            Resume, "Resume connector", context => AskAsync(connector, (worker, name) => worker.ResumeAsync(name, context.CancellationToken)),
            new CommandOptions { IconName = "Play", Description = "Goes on where it was paused." });

    /// <summary>An incremental snapshot of all captured tables, beside the live stream.</summary>
    public static IResourceBuilder<ConnectorResource> WithSnapshotCommand(
        this IResourceBuilder<ConnectorResource> connector, IResourceBuilder<IResourceWithConnectionString> kafka) => connector
        .WithCommand(
            Snapshot,
            "Incremental snapshot",
            async context =>
            {
                try
                {
                    var brokers = await kafka.Resource.GetConnectionStringAsync(context.CancellationToken);
                    await IncrementalSnapshot.RequestAsync(brokers!, connector.Resource.Configuration["table.include.list"].Split(','), context.CancellationToken);
                    return CommandResults.Success();
                }
                catch (KafkaException exception)
                {
                    return CommandResults.Failure($"The request could not be put on {ConnectTopics.Signals.Name}: {exception.Error.Reason}");
                }
            },
            new CommandOptions { IconName = "CameraAdd", Description = "Sends every row of the captured tables again, beside the live stream." });

    private static async Task<ExecuteCommandResult> AskAsync(IResourceBuilder<ConnectorResource> connector, Func<ConnectClient, string, Task> command)
    {
        try
        {
            await command(connector.Resource.Worker, connector.Resource.Name);
            return CommandResults.Success();
        }
        catch (Exception exception) when (exception is ConnectException or HttpRequestException)
        {
            return CommandResults.Failure(exception.Message);
        }
    }
}
