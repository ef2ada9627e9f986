using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EventDriven.EmbeddedKafka.Tests.Support;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace EventDriven.EmbeddedKafka.Tests.Conformance;

public sealed class TopicTests(Brokers brokers)
{
    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Topics_are_created_described_enlarged_and_deleted(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(3);
        using var admin = clients.Admin();

        var metadata = Assert.Single(admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics);
        Assert.Equal([0, 1, 2], metadata.Partitions.Select(p => p.PartitionId).Order());
        Assert.All(metadata.Partitions, p => Assert.Equal((1, 1, 1), (p.Leader, Assert.Single(p.Replicas), Assert.Single(p.InSyncReplicas))));

        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 5 }]);
        await Wait.UntilAsync(() => admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions.Count == 5);
        await clients.ProduceAsync(topic, 10, partition: 4);

        await admin.DeleteTopicsAsync([topic]);
        await Wait.UntilAsync(() => admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.All(t => t.Topic != topic));
        var gone = await Assert.ThrowsAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync([topic]));
        Assert.Equal(ErrorCode.UnknownTopicOrPart, gone.Results[0].Error.Code);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_topic_deleted_and_created_again_is_empty(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        await clients.ProduceAsync(topic, 10);
        using var admin = clients.Admin();

        await admin.DeleteTopicsAsync([topic]);
        await Wait.UntilAsync(() => admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.All(t => t.Topic != topic));
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]);

        await clients.ProduceAsync(topic, 1, from: 99);
        var record = Assert.Single(clients.Read(topic, 1));
        Assert.Equal(("99", 0L), (record.Message.Value, record.Offset.Value));
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task What_cannot_be_created_is_refused_with_the_reason(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var existing = await clients.CreateTopicAsync();
        using var admin = clients.Admin();

        async Task<ErrorCode> ErrorOf(TopicSpecification topic) =>
            (await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]))).Results[0].Error.Code;

        Assert.Equal(ErrorCode.TopicAlreadyExists, await ErrorOf(new() { Name = existing, NumPartitions = 1, ReplicationFactor = 1 }));
        Assert.Equal(ErrorCode.TopicException, await ErrorOf(new() { Name = "not a name", NumPartitions = 1, ReplicationFactor = 1 }));
        Assert.Equal(ErrorCode.InvalidPartitions, await ErrorOf(new() { Name = Clients.UniqueName("t"), NumPartitions = 0, ReplicationFactor = 1 }));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, await ErrorOf(new() { Name = Clients.UniqueName("t"), NumPartitions = 1, ReplicationFactor = 2 }));
        Assert.Equal(ErrorCode.InvalidConfig, await ErrorOf(new()
        {
            Name = Clients.UniqueName("t"),
            NumPartitions = 1,
            ReplicationFactor = 1,
            Configs = new() { ["no.such.setting"] = "1" },
        }));
        Assert.Equal(ErrorCode.InvalidConfig, await ErrorOf(new()
        {
            Name = Clients.UniqueName("t"),
            NumPartitions = 1,
            ReplicationFactor = 1,
            Configs = new() { ["retention.ms"] = "soon" },
        }));
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_topic_is_not_created_by_asking_for_it(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var name = Clients.UniqueName("nobody-made-it");
        using var admin = clients.Admin();

        for (var i = 0; i < 3; i++)
            Assert.Equal(ErrorCode.UnknownTopicOrPart, Assert.Single(admin.GetMetadata(name, TimeSpan.FromSeconds(10)).Topics).Error.Code);

        Assert.DoesNotContain(admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics, t => t.Topic == name);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Settings_are_shown_and_changed(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(configs: new() { ["retention.ms"] = "86400000" });
        using var admin = clients.Admin();
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        async Task<Dictionary<string, ConfigEntryResult>> Describe() => (await admin.DescribeConfigsAsync([resource]))[0].Entries;

        var settings = await Describe();
        Assert.Equal(("86400000", false), (settings["retention.ms"].Value, settings["retention.ms"].IsDefault));
        Assert.Equal(("delete", "1048588", "-1"), (settings["cleanup.policy"].Value, settings["max.message.bytes"].Value, settings["retention.bytes"].Value));

        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [resource] =
            [
                new() { Name = "max.message.bytes", Value = "5000", IncrementalOperation = AlterConfigOpType.Set },
                new() { Name = "retention.ms", Value = "", IncrementalOperation = AlterConfigOpType.Delete },
            ],
        });

        // Apache Kafka applies the change to itself a moment after it has agreed to it.
        var deadline = DateTime.UtcNow.AddSeconds(10);
        do
            settings = await Describe();
        while (settings["max.message.bytes"].Value != "5000" && DateTime.UtcNow < deadline);

        Assert.Equal(("5000", "604800000"), (settings["max.message.bytes"].Value, settings["retention.ms"].Value));
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Records_before_an_offset_are_deleted_on_request(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        await clients.ProduceAsync(topic, 100);
        using var admin = clients.Admin();

        var deleted = await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 60)]);
        Assert.Equal(60, Assert.Single(deleted).Offset.Value);
        Assert.Equal("60", clients.Read(topic, 1)[0].Message.Value);

        var refused = await Assert.ThrowsAsync<DeleteRecordsException>(() => admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 101)]));
        Assert.Equal(ErrorCode.OffsetOutOfRange, refused.Results[0].Error.Code);
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, Offset.End)]);
        using var consumer = clients.Consumer();
        var range = consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10));
        Assert.Equal((100L, 100L), (range.Low.Value, range.High.Value));
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Retention_by_time_deletes_what_is_older_and_keeps_what_is_not(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(configs: new() { ["retention.ms"] = "3600000", ["segment.ms"] = "100" });
        await SendAsync(clients, topic, 50, DateTimeOffset.UtcNow.AddHours(-2), new string('x', 100));

        await WaitForStartAsync(clients, topic, start => start == 50);
        await clients.ProduceAsync(topic, 10);
        Assert.Equal(50, clients.Read(topic, 1)[0].Offset.Value);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Retention_by_size_keeps_the_newest_segments(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(configs: new() { ["retention.bytes"] = "2000000", ["segment.bytes"] = "1048576" });
        const int Count = 120;
        await SendAsync(clients, topic, Count, DateTimeOffset.UtcNow, new string('x', 50_000));

        // In the end no more than one segment above the limit, and never under it: a look at the log may come between two sends.
        await WaitForStartAsync(clients, topic, start => (Count - start) * 50_000 <= 2_000_000 + 1_048_576 + 100_000);
        using var consumer = clients.Consumer();
        var range = consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10));
        Assert.Equal(Count, range.High.Value);
        Assert.InRange((range.High.Value - range.Low.Value) * 50_000, 1_950_000, 2_000_000 + 1_048_576 + 100_000);
    }

    private static async Task SendAsync(Clients clients, string topic, int count, DateTimeOffset time, string value)
    {
        // Single-message batches, so that segments are small enough to see one go.
        using var producer = clients.Producer(c => (c.BatchNumMessages, c.LingerMs) = (1, 0));
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => producer.ProduceAsync(
            new TopicPartition(topic, 0), new Message<string, string> { Key = "k", Value = value, Timestamp = new Timestamp(time) })));
    }

    private static async Task WaitForStartAsync(Clients clients, string topic, Func<long, bool> isReached)
    {
        using var consumer = clients.Consumer();
        await Wait.UntilAsync(() => isReached(consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10)).Low.Value));
    }
}
