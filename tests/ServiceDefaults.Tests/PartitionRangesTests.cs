using Confluent.Kafka;
using EventDriven.ServiceDefaults.Messaging;

namespace EventDriven.ServiceDefaults.Tests;

public sealed class PartitionRangesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("b/3", "b 3")]
    [InlineData("b/7 b/3 b/6 b/5 a/0 a/1", "a 0-1, b 3,5-7")]
    public void Neighbours_are_told_as_ranges_by_topic(string partitions, string text) => Assert.Equal(
        text,
        PartitionRanges.Text(partitions.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(partition => partition.Split('/')).Select(
            parts => new TopicPartition(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)))));
}
