using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>The consumer's instruments.</summary>
internal sealed class ConsumerMetrics
{
    private readonly ConcurrentDictionary<TopicPartition, PartitionLag> _lag = new();
    private readonly Counter<long> _consumed = Telemetry.Meter.CreateCounter<long>(
        "messaging.client.consumed.messages", "{message}", "Records applied.");

    private readonly Counter<long> _duplicates = Telemetry.Meter.CreateCounter<long>(
        "eventdriven.consumer.duplicates", "{message}", "Records dropped because their version was applied before.");

    private readonly Counter<long> _deadLetters = Telemetry.Meter.CreateCounter<long>(
        "eventdriven.consumer.dead_letters", "{message}", "Records put on a dead letter topic.");

    private readonly Counter<long> _fenced = Telemetry.Meter.CreateCounter<long>(
        "eventdriven.consumer.fenced", "{batch}", "Partitions of a batch that another worker had moved on.");

    private readonly Histogram<double> _duration = Telemetry.Meter.CreateHistogram<double>(
        "messaging.process.duration", "s", "Time to apply a batch, commit included.");

    private readonly KeyValuePair<string, object?> _group;

    public ConsumerMetrics(string group)
    {
        _group = new("messaging.consumer.group.name", group);
        Telemetry.Meter.CreateObservableGauge("eventdriven.consumer.lag", () => Lag(lag => lag.Records), "{message}", "Records not yet applied.");
        Telemetry.Meter.CreateObservableGauge("eventdriven.consumer.lag.time", () => Lag(lag => lag.Seconds(DateTime.UtcNow)), "s", "Age of the oldest record not yet applied.");
    }

    /// <summary>Where each assigned partition stands.</summary>
    public ConcurrentDictionary<TopicPartition, PartitionLag> Partitions => _lag;

    public void Processed(BatchOutcome outcome, TimeSpan duration, int fenced)
    {
        _duration.Record(duration.TotalSeconds, _group);
        _consumed.Add(outcome.Applied, _group);
        _duplicates.Add(outcome.Duplicates, _group);
        _deadLetters.Add(outcome.DeadLettered, _group);
        _fenced.Add(fenced, _group);
    }

    private IEnumerable<Measurement<double>> Lag(Func<PartitionLag, double> value)
    {
        foreach (var (partition, lag) in _lag)
        {
            yield return new(
                value(lag), _group, new("messaging.destination.name", partition.Topic), new("messaging.destination.partition.id", partition.Partition.Value));
        }
    }
}
