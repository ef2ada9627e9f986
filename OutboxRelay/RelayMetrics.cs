using System.Diagnostics.Metrics;
using EventDriven.ServiceDefaults;

namespace EventDriven.OutboxRelay;

/// <summary>The relay's instruments.</summary>
internal sealed class RelayMetrics
{
    private readonly Counter<long> _sent = Telemetry.Meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Rows acknowledged by Kafka.");
    private readonly Histogram<long> _batch = Telemetry.Meter.CreateHistogram<long>("eventdriven.relay.batch.size", "{row}", "Rows sent at a time.");
    private readonly Histogram<double> _duration = Telemetry.Meter.CreateHistogram<double>("eventdriven.relay.batch.duration", "s", "Time to send and remove a batch.");
    private readonly Histogram<double> _latency = Telemetry.Meter.CreateHistogram<double>(
        "eventdriven.relay.latency", "s", "Time between a row's created_at and its removal: the oldest of a batch.");

    public RelayMetrics()
    {
        Telemetry.Meter.CreateObservableGauge("eventdriven.outbox.depth", () => Depth, "{row}", "Unsent rows, counted up to a limit.");
        Telemetry.Meter.CreateObservableGauge("eventdriven.outbox.oldest.age", () => OldestAge.TotalSeconds, "s", "Age of the first unsent row.");
        Telemetry.Meter.CreateObservableGauge("eventdriven.relay.shards", () => Shards, "{shard}", "Shards held.");
        Telemetry.Meter.CreateObservableGauge("eventdriven.relay.held_back", () => HeldBack, "{aggregate}", "Aggregates whose next row Kafka refuses.");
    }

    public long Depth { get; set; }

    public TimeSpan OldestAge { get; set; }

    public int Shards { get; set; }

    public int HeldBack { get; set; }

    public void Sent(int rows, TimeSpan duration, TimeSpan oldest)
    {
        _sent.Add(rows);
        _batch.Record(rows);
        _duration.Record(duration.TotalSeconds);
        _latency.Record(Math.Max(0, oldest.TotalSeconds));
    }
}
