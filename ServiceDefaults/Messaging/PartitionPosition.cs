using Confluent.Kafka;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Where a partition was begun and where it stands after a batch.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Expected">The offset that must stand in the database, or the batch was read by a worker that has lost the partition.</param>
/// <param name="Next">The offset that stands there afterwards.</param>
internal readonly record struct PartitionPosition(TopicPartition Partition, long Expected, long Next);
