using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EventDriven.Contracts;
using EventDriven.EmbeddedKafka;

namespace EventDriven.TestSupport;

/// <summary>An embedded broker inside the test process, with the system's topics; gone with its folder when the test lets go of it.</summary>
public sealed class TestBroker : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventdriven-kafka-").FullName;
    private readonly int _port = TestPorts.Free();
    private EmbeddedBroker? _broker;

    private TestBroker()
    {
    }

    /// <summary>What clients connect to.</summary>
    public string BootstrapServers => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>Starts a broker.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="topics">The topics it has; <see cref="Topics.All"/> unless given.</param>
    public static async Task<TestBroker> StartAsync(CancellationToken cancellationToken, IReadOnlyList<Contracts.Topic>? topics = null)
    {
        var broker = new TestBroker();
        await broker.StartAgainAsync(cancellationToken);
        await broker.CreateAsync(topics ?? Topics.All);
        return broker;
    }

    /// <summary>Stops the broker; what it holds stays.</summary>
    public async Task StopAsync()
    {
        if (_broker is { } broker)
        {
            _broker = null;
            await broker.DisposeAsync();
        }
    }

    /// <summary>Starts it again on the same port and data.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken) =>
        _broker ??= await EmbeddedBroker.StartAsync(
            new BrokerOptions { DataDirectory = _folder, Port = _port, MinSessionTimeout = TimeSpan.FromSeconds(1) }, cancellationToken);

    /// <summary>Creates topics.</summary>
    public async Task CreateAsync(IReadOnlyList<Contracts.Topic> topics)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).SetLogHandler((_, _) => { }).Build();
        await admin.CreateTopicsAsync(topics.Select(topic => new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = 1,
            Configs = topic.Config.ToDictionary(StringComparer.Ordinal),
        }));
    }

    /// <summary>All records of a topic as it is now, each partition's in order.</summary>
    public Task<List<ConsumeResult<byte[]?, byte[]?>>> ReadAllAsync(string topic, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => ReadAll(topic, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private List<ConsumeResult<byte[]?, byte[]?>> ReadAll(string topic, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = BootstrapServers,
            GroupId = "test",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).SetLogHandler((_, _) => { }).Build();
        var partitions = new DependentAdminClientBuilder(consumer.Handle).Build().GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions;
        var open = partitions.Select(partition => new TopicPartition(topic, partition.PartitionId)).ToHashSet();
        consumer.Assign(open.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        List<ConsumeResult<byte[]?, byte[]?>> records = [];
        while (open.Count > 0)
        {
            var result = consumer.Consume(cancellationToken);
            if (result.IsPartitionEOF)
            {
                open.Remove(result.TopicPartition);
            }
            else
            {
                records.Add(result);
            }
        }

        return records;
    }
}
