using Confluent.Kafka;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>What the database held for a batch when its transaction began; its offset rows are locked until the end of it.</summary>
/// <param name="Offsets">Next offsets.</param>
/// <param name="Versions">Last versions applied.</param>
/// <param name="Parked">Parked aggregates.</param>
internal sealed record ConsumerState(
    IReadOnlyDictionary<TopicPartition, long> Offsets,
    IReadOnlyDictionary<AggregateKey, int> Versions,
    IReadOnlyDictionary<AggregateKey, ParkedAggregate> Parked);
