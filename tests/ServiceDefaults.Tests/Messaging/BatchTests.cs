using Confluent.Kafka;
using EventDriven.ServiceDefaults.Messaging;

namespace EventDriven.ServiceDefaults.Tests.Messaging;

public sealed class BatchTests
{
    [Fact]
    public void Halves_join_at_the_offset_that_the_first_one_reaches()
    {
        TopicPartition one = new("t", 1), two = new("t", 2);
        var batch = new Batch([Record(one, 10), Record(one, 12), Record(one, 13), Record(two, 5)], [new(one, 10, 14), new(two, 5, 6)], []);

        var (first, second) = batch.Split();

        Assert.Equal([new(one, 10, 13), new(two, 5, 5)], first.Positions);
        Assert.Equal([new(one, 13, 14), new(two, 5, 6)], second.Positions);
        Assert.Equal([10L, 12], first.Records.Select(record => record.ReadAt.Offset.Value));
        Assert.Equal([13L, 5], second.Records.Select(record => record.ReadAt.Offset.Value));
    }

    [Fact]
    public void Backoff_doubles_up_to_five_seconds()
    {
        for (var failures = 1; failures < 60; failures++)
        {
            var longest = Math.Min(50 * Math.Pow(2, failures - 1), 5000);
            Assert.InRange(Backoff.After(failures).TotalMilliseconds, longest / 2, longest);
        }
    }

    private static IncomingRecord Record(TopicPartition partition, long offset) =>
        RecordDecoder.Decode(new() { TopicPartitionOffset = new(partition, offset), Message = new() });
}
