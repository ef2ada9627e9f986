using System.Globalization;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace EventDriven.KafkaBench;

/// <summary>The processes that <see cref="Soak"/> starts and kills.</summary>
internal static class SoakClients
{
    private static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Sends numbered messages and notes which are acknowledged, until SIGTERM.</summary>
    public static async Task<int> ProduceAsync(IReadOnlyList<string> args)
    {
        var (servers, topic, path) = (args[1], args[2], args[4]);
        var (id, rate) = (int.Parse(args[5], CultureInfo.InvariantCulture), int.Parse(args[6], CultureInfo.InvariantCulture));
        using var stop = StopOnTerminate(out var registration);
        using (registration)
        await using (var notes = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0))
        using (var producer = Load.Producer(servers, c => (c.LingerMs, c.ReconnectBackoffMaxMs, c.MessageTimeoutMs) = (5, 500, 120_000)))
        {
            try
            {
                await Load.AtRateAsync(rate, int.MaxValue, i =>
                {
                    var value = new byte[Load.MessageLength];
                    BitConverter.TryWriteBytes(value, id);
                    BitConverter.TryWriteBytes(value.AsSpan(4), (long)i);
                    producer.Produce(new TopicPartition(topic, i % Load.Partitions), new Message<Null, byte[]> { Value = value }, report =>
                    {
                        if (!report.Error.IsError)
                            SoakRecords.WriteAcknowledged(notes, new(id, i));
                    });
                }, stop.Token);
            }
            catch (OperationCanceledException)
            {
                producer.Flush(TimeSpan.FromMinutes(2));
            }
        }

        return 0;
    }

    /// <summary>Notes every message of a group, and commits only what is noted, until SIGTERM.</summary>
    public static int Consume(IReadOnlyList<string> args)
    {
        var (servers, topic, group, path) = (args[1], args[2], args[3], args[4]);
        using var stop = StopOnTerminate(out var registration);
        using (registration)
        using (var notes = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 64 * 1024))
        using (var consumer = Load.Consumer(servers, c => (c.GroupId, c.SessionTimeoutMs, c.HeartbeatIntervalMs, c.EnableAutoOffsetStore, c.ReconnectBackoffMaxMs) = (group, 6000, 500, false, 500)))
        {
            consumer.Subscribe(topic);
            var nextCommit = DateTime.UtcNow;
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } record)
                    {
                        var message = new SoakRecords.Message(BitConverter.ToInt32(record.Message.Value), BitConverter.ToInt64(record.Message.Value, 4));
                        SoakRecords.WriteConsumed(notes, new(record.Partition.Value, record.Offset.Value, message));
                        consumer.StoreOffset(record);
                    }

                    if (DateTime.UtcNow >= nextCommit)
                    {
                        nextCommit = DateTime.UtcNow + CommitInterval;
                        notes.Flush();
                        consumer.Commit();
                    }
                }
                catch (KafkaException)
                {
                    // a rebalance, a broker that is away, or nothing to commit: the next round goes on
                }
            }

            notes.Flush();
            consumer.Close();
        }

        return 0;
    }

    private static CancellationTokenSource StopOnTerminate(out PosixSignalRegistration registration)
    {
        var stop = new CancellationTokenSource();
        registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        return stop;
    }
}
