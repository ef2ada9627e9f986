using Confluent.Kafka;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>What became of a batch.</summary>
/// <param name="Offsets">Where each partition stands in the database now. One that differs from the batch's next offset was written by another worker.</param>
/// <param name="Applied">Events applied.</param>
/// <param name="Duplicates">Records dropped as duplicates.</param>
/// <param name="DeadLettered">Records put on a dead letter topic.</param>
internal sealed record BatchOutcome(IReadOnlyDictionary<TopicPartition, long> Offsets, int Applied, int Duplicates, int DeadLettered)
{
    /// <summary>Two outcomes, one after the other.</summary>
    public BatchOutcome Then(BatchOutcome later) =>
        new(later.Offsets, Applied + later.Applied, Duplicates + later.Duplicates, DeadLettered + later.DeadLettered);
}
