namespace EventDriven.AppHost;

/// <summary>The broker settings that the system rests on, the same for a process and for a container. docs/kafka.md gives the reasons.</summary>
internal static class KafkaSettings
{
    /// <summary>Broker properties of one node. The seed's values for three nodes are replication 3 and min.insync 2: see docs/kafka.md.</summary>
    public static readonly IReadOnlyDictionary<string, string> Broker = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // A topic that nobody declared is an error, not a topic with the wrong settings.
        ["auto.create.topics.enable"] = "false",
        ["num.partitions"] = "12",
        ["default.replication.factor"] = "1",
        ["min.insync.replicas"] = "1",
        ["log.retention.hours"] = "168",
        ["log.retention.bytes"] = "-1",
        ["log.cleaner.min.compaction.lag.ms"] = "3600000",
        ["compression.type"] = "lz4",

        // Taken from the heap at start; what a development machine compacts fits into far less than the 128 MiB of a server.
        ["log.cleaner.dedupe.buffer.size"] = "16777216",

        // Groups and transactions on one node. The numbers of partitions cannot be lowered later, and fewer start sooner.
        ["offsets.topic.replication.factor"] = "1",
        ["offsets.topic.num.partitions"] = "12",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["transaction.state.log.num.partitions"] = "12",
        ["share.coordinator.state.topic.replication.factor"] = "1",
        ["share.coordinator.state.topic.min.isr"] = "1",

        // The first member of a group need not wait three seconds for others.
        ["group.initial.rebalance.delay.ms"] = "0",
    };
}
