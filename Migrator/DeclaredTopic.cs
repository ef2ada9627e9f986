using System.Globalization;
using EventDriven.Contracts;

namespace EventDriven.Migrator;

/// <summary>A topic of the contracts with what depends on how many brokers there are.</summary>
/// <param name="Name">The name on the broker.</param>
/// <param name="Partitions">How many partitions it is created with.</param>
/// <param name="Config">Topic configuration, in Kafka's own property names.</param>
/// <param name="Replication">How many brokers hold each partition; -1 is as the brokers are set up.</param>
internal sealed record DeclaredTopic(string Name, int Partitions, IReadOnlyDictionary<string, string> Config, short Replication)
{
    /// <summary>The topic for a cluster that keeps each partition on <paramref name="replication"/> brokers.</summary>
    /// <remarks>One of them may be down and writes go on: the usual three have min.insync.replicas 2.</remarks>
    public static DeclaredTopic Of(Topic topic, int? replication)
    {
        if (replication is not { } brokers)
        {
            return new(topic.Name, topic.Partitions, topic.Config, -1);
        }

        var config = new Dictionary<string, string>(topic.Config, StringComparer.Ordinal)
        {
            ["min.insync.replicas"] = Math.Max(1, brokers - 1).ToString(CultureInfo.InvariantCulture),
        };
        return new(topic.Name, topic.Partitions, config, (short)brokers);
    }
}
