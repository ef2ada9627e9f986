using Confluent.Kafka;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>A record as it was read, with what could be made of it.</summary>
internal sealed record IncomingRecord
{
    /// <summary>The record, under the topic, partition and offset at which it was first published, even when it was read from a dead letter topic.</summary>
    public required ConsumeResult<byte[]?, byte[]?> Raw { get; init; }

    /// <summary>Where it was read: there, or in a dead letter topic.</summary>
    public required TopicPartitionOffset ReadAt { get; init; }

    /// <summary>The event, or null where the record cannot be read as one.</summary>
    public IncomingEvent? Event { get; init; }

    /// <summary>The aggregate, as far as the headers and the key tell.</summary>
    public AggregateKey? Aggregate { get; init; }

    /// <summary>The version, as far as the headers tell.</summary>
    public int? Version { get; init; }

    /// <summary>Why there is no event.</summary>
    public string? Unreadable { get; init; }
}
