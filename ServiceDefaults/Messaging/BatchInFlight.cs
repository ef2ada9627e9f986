using Confluent.Kafka;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>A batch that is being applied while the next one is read.</summary>
internal sealed record BatchInFlight(Task<BatchOutcome> Work, Batch Batch, IReadOnlyDictionary<TopicPartition, PartitionCursor> Cursors, long Started);
