using EventDriven.AppHost;
using EventDriven.TestSupport;

namespace EventDriven.SenderBench;

/// <summary>Debezium: with the janitor, which is what the relay does alone, sending and removing; or without, so that the outbox only grows.</summary>
internal sealed class DebeziumSender(BenchSystem system, bool withJanitor) : Sender
{
    private TestProcess? _janitor;

    public override string Name => withJanitor ? "Debezium and janitor" : "Debezium, nothing removed";

    public override bool Removes => withJanitor;

    public override IReadOnlyList<int> Processes => _janitor is null ? [system.Connect.ProcessId] : [system.Connect.ProcessId, _janitor.Id];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _janitor = withJanitor ? await system.StartRelayAsync("Debezium", cancellationToken) : null;

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
        if (_janitor is not null)
        {
            await _janitor.DisposeAsync();
        }

        await system.EmptyAsync(cancellationToken);
    }
}
