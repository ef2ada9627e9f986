using Confluent.Kafka;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Records that are applied in one transaction.</summary>
/// <param name="Records">The records, each partition's in order.</param>
/// <param name="Positions">One for each partition read.</param>
/// <param name="Locked">Partitions that are locked but not moved: those from which redriven records came first.</param>
internal sealed record Batch(IReadOnlyList<IncomingRecord> Records, IReadOnlyList<PartitionPosition> Positions, IReadOnlyList<TopicPartition> Locked)
{
    /// <summary>The batch cut in two, each with the positions that its records lead to; records stay in order.</summary>
    public (Batch First, Batch Second) Split()
    {
        var half = Records.Count / 2;
        var (first, second) = (Records.Take(half).ToList(), Records.Skip(half).ToList());
        var reached = first.GroupBy(record => record.ReadAt.TopicPartition).ToDictionary(group => group.Key, group => group.Max(record => record.ReadAt.Offset.Value) + 1);
        List<PartitionPosition> before = [], after = [];
        foreach (var position in Positions)
        {
            var middle = reached.GetValueOrDefault(position.Partition, position.Expected);
            before.Add(position with { Next = middle });
            after.Add(position with { Expected = middle });
        }

        return (new(first, before, Locked), new(second, after, Locked));
    }
}
