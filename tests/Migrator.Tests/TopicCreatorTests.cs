using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EventDriven.Contracts;
using EventDriven.TestSupport;

namespace EventDriven.Migrator.Tests;

public sealed class TopicCreatorTests
{
    private static readonly Topic Foreign = new("somebody.elses", 2, new Dictionary<string, string>(StringComparer.Ordinal));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Topics_are_created_as_declared_and_left_alone_after_that()
    {
        await using var broker = await TestBroker.StartAsync(Cancellation, [Foreign]);
        Assert.Contains("topics: created events.order", Assert.Single(await CreateAsync(broker)), StringComparison.Ordinal);
        Assert.Empty(await CreateAsync(broker));
        Assert.Equal("-1", await SettingAsync(broker, "events.order", "retention.ms"));
        Assert.Equal("604800000", await SettingAsync(broker, "dlq.events.order", "retention.ms"));
        using var admin = Admin(broker);
        Assert.Equal(
            Topics.All.Append(Foreign).Select(topic => (topic.Name, topic.Partitions)).Order(),
            admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Select(topic => (topic.Topic, topic.Partitions.Count)).Order());
    }

    [Fact]
    public async Task A_setting_that_differs_is_corrected_and_a_number_of_partitions_is_only_told()
    {
        await using var broker = await TestBroker.StartAsync(Cancellation,
            [new("events.order", 3, new Dictionary<string, string>(StringComparer.Ordinal) { ["retention.ms"] = "1000000" })]);
        var lines = await CreateAsync(broker);
        Assert.Contains(lines, line => line.StartsWith("topics: events.order has 3 partitions, not 12; left so", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("topics: events.order corrected to", StringComparison.Ordinal));
        Assert.Equal("-1", await SettingAsync(broker, "events.order", "retention.ms"));
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_named()
    {
        var failure = await Assert.ThrowsAsync<MigrationException>(() => TopicCreator.CreateAsync(
            $"127.0.0.1:{TestPorts.Free()}", [], TimeSpan.FromSeconds(1), _ => { }, Cancellation));
        Assert.Contains("did not answer within 1 s", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> CreateAsync(TestBroker broker)
    {
        var lines = new List<string>();
        await TopicCreator.CreateAsync(
            broker.BootstrapServers, [.. Topics.All.Select(topic => DeclaredTopic.Of(topic, replication: null))], TimeSpan.FromSeconds(20), lines.Add, Cancellation);
        return lines;
    }

    private static async Task<string> SettingAsync(TestBroker broker, string topic, string name)
    {
        using var admin = Admin(broker);
        var described = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]);
        return described[0].Entries[name].Value;
    }

    private static IAdminClient Admin(TestBroker broker) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).SetLogHandler((_, _) => { }).Build();
}
