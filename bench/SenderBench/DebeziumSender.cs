using EventDriven.AppHost;
using EventDriven.TestSupport;

namespace EventDriven.SenderBench;

/// <summary>Debezium with the janitor: what the relay does alone, sending and removing.</summary>
internal sealed class DebeziumSender(BenchSystem system) : Sender
{
    private TestProcess? _janitor;

    public override string Name => "Debezium and janitor";

    public override IReadOnlyList<int> Processes => [system.Connect.ProcessId, _janitor!.Id];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _janitor = await system.StartRelayAsync("Debezium", cancellationToken);

        // Tuned: as often as the relay looks, and batches that a backlog fills.
        var configuration = new Dictionary<string, string>(OutboxConnector.Configuration(), StringComparer.Ordinal)
        {
            ["poll.interval.ms"] = "10",
            ["max.batch.size"] = "8192",
            ["max.queue.size"] = "32768",
        };
        await ConnectorRegistrar.RegisterAsync(new(system.Connect.Http), OutboxConnector.Name, configuration, cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await ConnectorRegistrar.RemoveAsync(new(system.Connect.Http), OutboxConnector.Name, cancellationToken);
        await _janitor!.DisposeAsync();
    }
}
