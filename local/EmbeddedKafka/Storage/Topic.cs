namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>A topic: its settings and the logs of its partitions.</summary>
internal sealed class Topic(string name, TopicConfig config, IReadOnlyList<PartitionLog> partitions)
{
    public string Name { get; } = name;

    public TopicConfig Config { get; set; } = config;

    /// <summary>Replaced when partitions are added, never changed.</summary>
    public IReadOnlyList<PartitionLog> Partitions { get; set; } = partitions;

    /// <summary>The log of a partition, or null when there is no such partition.</summary>
    public PartitionLog? Partition(int index)
    {
        var all = Partitions;
        return index >= 0 && index < all.Count ? all[index] : null;
    }
}
