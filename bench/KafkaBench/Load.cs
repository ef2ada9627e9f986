using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace EventDriven.KafkaBench;

/// <summary>The loads that are put on a broker: 1 KB messages, an idempotent producer, acks=all.</summary>
internal static class Load
{
    public const int Partitions = 8;
    public const int MessageLength = 1024;

    public static async Task<string> CreateTopicAsync(string bootstrapServers, int partitions = Partitions)
    {
        var topic = $"bench-{Guid.NewGuid():N}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
        return topic;
    }

    /// <summary>As fast as it goes; gives messages per second.</summary>
    public static double Produce(string bootstrapServers, string topic, long count, CancellationToken ct)
    {
        using var producer = Producer(bootstrapServers, c => (c.LingerMs, c.QueueBufferingMaxMessages) = (5, 200_000));
        var value = RandomValue();
        var failed = 0L;
        var clock = Stopwatch.StartNew();
        for (var i = 0L; i < count; i++)
        {
            ct.ThrowIfCancellationRequested();
            var partition = new TopicPartition(topic, (int)(i % Partitions));
            while (true)
            {
                try
                {
                    producer.Produce(partition, new Message<Null, byte[]> { Value = value }, report => failed += report.Error.IsError ? 1 : 0);
                    break;
                }
                catch (ProduceException<Null, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
                {
                    producer.Poll(TimeSpan.FromMilliseconds(10));
                }
            }
        }

        producer.Flush(ct);
        return failed == 0 ? count / clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"{failed} messages failed.");
    }

    /// <summary>Reads a topic from its start; gives messages per second, counted from the first message.</summary>
    public static double Consume(string bootstrapServers, string topic, long count, CancellationToken ct)
    {
        using var consumer = Consumer(bootstrapServers, c => c.FetchWaitMaxMs = 500);
        consumer.Assign(Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        consumer.Consume(ct);
        var clock = Stopwatch.StartNew();
        for (var i = 1L; i < count; i++)
            consumer.Consume(ct);

        return count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>At a steady rate; gives for each message the time from sending to acknowledgement, in ms.</summary>
    public static async Task<double[]> ProduceSteadilyAsync(string bootstrapServers, string topic, int rate, TimeSpan duration, CancellationToken ct)
    {
        using var producer = Producer(bootstrapServers, c => c.LingerMs = 0);
        var value = RandomValue();
        var count = (int)(rate * duration.TotalSeconds);
        var latencies = new double[count];
        WarmUp(producer, topic, ct);
        await AtRateAsync(rate, count, i =>
        {
            var sent = Stopwatch.GetTimestamp();
            producer.Produce(
                new TopicPartition(topic, i % Partitions),
                new Message<Null, byte[]> { Value = value },
                _ => latencies[i] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }, ct);
        producer.Flush(ct);
        return latencies;
    }

    /// <summary>At a steady rate; gives for each message the time from sending it to having it in a consumer, in ms.</summary>
    public static async Task<double[]> EndToEndAsync(string bootstrapServers, string topic, int rate, TimeSpan duration, CancellationToken ct)
    {
        var count = (int)(rate * duration.TotalSeconds);
        var latencies = new double[count];
        using var consumer = Consumer(bootstrapServers, c => c.FetchWaitMaxMs = 500);
        consumer.Assign(Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        using var producer = Producer(bootstrapServers, c => c.LingerMs = 0);
        WarmUp(producer, topic, ct);
        for (var i = 0; i < Partitions; i++)
            consumer.Consume(ct);

        var consuming = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < count; i++)
                {
                    var value = consumer.Consume(ct).Message.Value;
                    latencies[BitConverter.ToInt32(value, 8)] = Stopwatch.GetElapsedTime(BitConverter.ToInt64(value)).TotalMilliseconds;
                }
            },
            ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        await AtRateAsync(rate, count, i =>
        {
            var value = new byte[MessageLength];
            BitConverter.TryWriteBytes(value.AsSpan(8), i);
            BitConverter.TryWriteBytes(value, Stopwatch.GetTimestamp());
            producer.Produce(new TopicPartition(topic, i % Partitions), new Message<Null, byte[]> { Value = value });
        }, ct);
        producer.Flush(ct);
        await consuming;
        return latencies;
    }

    public static IProducer<Null, byte[]> Producer(string bootstrapServers, Action<ProducerConfig> configure)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrapServers, EnableIdempotence = true, Acks = Acks.All };
        configure(config);
        return new ProducerBuilder<Null, byte[]>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    public static IConsumer<Null, byte[]> Consumer(string bootstrapServers, Action<ConsumerConfig> configure)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "bench", AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false };
        configure(config);
        return new ConsumerBuilder<Null, byte[]>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    public static async Task AtRateAsync(int rate, int count, Action<int> action, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count;)
        {
            // As many as are due by now: a timer is too coarse to fire for each.
            for (var due = Math.Min(count, (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate) + 1); i < due; i++)
                action(i);

            await Task.Delay(1, ct);
        }
    }

    // A client's first message waits for metadata, a producer id and a connection, which says more of the client than of the broker.
    private static void WarmUp(IProducer<Null, byte[]> producer, string topic, CancellationToken ct)
    {
        for (var p = 0; p < Partitions; p++)
            producer.Produce(new TopicPartition(topic, p), new Message<Null, byte[]> { Value = new byte[MessageLength] });

        producer.Flush(ct);
    }

    // Random, so that no compression anywhere flatters the figures.
    private static byte[] RandomValue()
    {
        var value = new byte[MessageLength];
        new Random(7).NextBytes(value);
        return value;
    }
}
