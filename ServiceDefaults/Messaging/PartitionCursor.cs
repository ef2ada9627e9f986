using Confluent.Kafka;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>An assigned partition. A new one is made with each assignment, so that a batch of an earlier one cannot touch it.</summary>
internal sealed class PartitionCursor(TopicPartition partition, long next)
{
    /// <summary>The partition.</summary>
    public TopicPartition Partition => partition;

    /// <summary>The offset that stands in the database, as far as this worker knows.</summary>
    public long Next { get; set; } = next;

    /// <summary>Records read and not yet in a batch.</summary>
    public List<IncomingRecord> Pending { get; } = [];
}
