using EventDriven.TestSupport;

namespace EventDriven.SenderBench;

/// <summary>One relay.</summary>
internal sealed class RelaySender(BenchSystem system) : Sender
{
    private TestProcess? _relay;

    public override string Name => "relay";

    public override IReadOnlyList<int> Processes => [_relay!.Id];

    public override async Task StartAsync(CancellationToken cancellationToken) => _relay = await system.StartRelayAsync("Relay", cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken) => await _relay!.DisposeAsync();
}
