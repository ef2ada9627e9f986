using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>Clients the way the services use them, and the few calls every scenario needs.</summary>
public sealed class Clients(string bootstrapServers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string BootstrapServers { get; } = bootstrapServers;

    public static string UniqueName(string subject) => $"{subject}-{Guid.NewGuid():N}";

    public IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();

    /// <summary>Creates a topic of its own and gives its name.</summary>
    public async Task<string> CreateTopicAsync(int partitions = 1, Dictionary<string, string>? configs = null)
    {
        var name = UniqueName("topic");
        using var admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs }]);

        // Apache Kafka has agreed to a topic a moment before it can tell of it.
        await Wait.UntilAsync(() => admin.GetMetadata(name, Patience).Topics[0].Partitions.Count == partitions);
        return name;
    }

    /// <summary>An idempotent producer with acks=all.</summary>
    public IProducer<string, string> Producer(Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = BootstrapServers, EnableIdempotence = true, Acks = Acks.All, LingerMs = 1 };
        configure?.Invoke(config);
        return new ProducerBuilder<string, string>(config).Build();
    }

    public IConsumer<string, string> Consumer(string? group = null, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = BootstrapServers,
            GroupId = group ?? UniqueName("group"),
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
            HeartbeatIntervalMs = 200,
            SessionTimeoutMs = 6000,
        };
        configure?.Invoke(config);
        return new ConsumerBuilder<string, string>(config).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>Sends values "0", "1", … to one partition and waits until all are acknowledged.</summary>
    public async Task ProduceAsync(string topic, int count, int partition = 0, int from = 0, Action<ProducerConfig>? configure = null)
    {
        using var producer = Producer(configure);
        var sent = Enumerable.Range(from, count).Select(i =>
            producer.ProduceAsync(new TopicPartition(topic, partition), new Message<string, string> { Key = $"k{i}", Value = $"{i}" }));
        await Task.WhenAll(sent);
    }

    /// <summary>Consumes until there are <paramref name="count"/> records.</summary>
    public static List<ConsumeResult<string, string>> Take(IConsumer<string, string> consumer, int count, TimeSpan? patience = null)
    {
        var records = new List<ConsumeResult<string, string>>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(patience ?? Patience);
        try
        {
            while (records.Count < count)
                records.Add(consumer.Consume(deadline.Token));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{records.Count} of {count} records came in time.");
        }

        return records;
    }

    /// <summary>Reads a partition from an offset on.</summary>
    public List<ConsumeResult<string, string>> Read(string topic, int count, int partition = 0, Offset? from = null)
    {
        using var consumer = Consumer();
        consumer.Assign(new TopicPartitionOffset(topic, partition, from ?? Offset.Beginning));
        return Take(consumer, count);
    }
}
