using Confluent.Kafka;
using EventDriven.TestSupport;

namespace EventDriven.Connect.Tests;

/// <summary>Reads topics as a consumer of the system does: committed records only, from given offsets.</summary>
internal static class Records
{
    /// <summary>The next offset of every partition of some topics.</summary>
    public static IReadOnlyList<TopicPartitionOffset> Ends(string bootstrapServers, params IEnumerable<string> topics)
    {
        using var consumer = Consumer(bootstrapServers);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        return
        [
            .. from topic in topics
               from partition in admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions
               let place = new TopicPartition(topic, partition.PartitionId)
               select new TopicPartitionOffset(place, consumer.QueryWatermarkOffsets(place, TimeSpan.FromSeconds(10)).High),
        ];
    }

    /// <summary>Reads from there on until there is enough.</summary>
    public static async Task<IReadOnlyList<ConsumeResult<byte[], byte[]>>> ReadAsync(
        string bootstrapServers,
        IReadOnlyList<TopicPartitionOffset> from,
        Func<IReadOnlyList<ConsumeResult<byte[], byte[]>>, bool> enough,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null)
    {
        using var consumer = Consumer(bootstrapServers);
        consumer.Assign(from);
        var records = new List<ConsumeResult<byte[], byte[]>>();
        await Eventually.TrueAsync(
            cancellation => Task.Run(
                () =>
                {
                    while (consumer.Consume(TimeSpan.FromMilliseconds(50)) is { } record)
                    {
                        records.Add(record);
                    }

                    return enough(records) ? true : throw new InvalidOperationException($"{records.Count} records");
                },
                cancellation),
            cancellationToken,
            deadline ?? TimeSpan.FromSeconds(60));
        return records;
    }

    private static IConsumer<byte[], byte[]> Consumer(string bootstrapServers) =>
        new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "reader",
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Error,
            FetchWaitMaxMs = 50,
        }).SetLogHandler((_, _) => { }).Build();
}
