using System.Text;
using Confluent.Kafka;
using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;
using MySqlConnector;

namespace EventDriven.OutboxRelay.Janitor;

/// <summary>
/// Keeps the outbox small while Debezium publishes it: reads the event topics and removes the rows of the events that stand there. A row is removed only after
/// its event was seen as committed, and a place in a topic is kept only after the rows before it were removed, so a crash leaves rows, never holes.
/// </summary>
internal sealed class OutboxJanitor(Func<ConsumerBuilder<byte[], byte[]>> consumers, JanitorStore outbox, TimeProvider time, ILogger<OutboxJanitor> logger) : BackgroundService
{
    /// <summary>The consumer group.</summary>
    public const string Group = "outbox-janitor";

    private const int BatchSize = 2000;

    /// <summary>Rows may stand in the outbox for a moment; removing many at once is cheaper.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);

    // An event carries its row's created_at, which a service's clock gave it before its transaction ended.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Settings on which correctness rests.</summary>
    public static void Configure(ConsumerConfig config)
    {
        config.GroupId = Group;
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;

        // Where the group has no place yet, it is looked for by time: see Begin.
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.PartitionAssignmentStrategy ??= PartitionAssignmentStrategy.Range;
        config.SessionTimeoutMs ??= 10_000;
        config.HeartbeatIntervalMs ??= 3_000;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => RunAsync(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        Log.JanitorBegins(logger);
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                // Rows whose time is not known yet would be skipped by a later look, so the oldest is asked for before the consumer begins.
                var from = (await outbox.OldestAsync(stoppingToken) ?? time.GetUtcNow().UtcDateTime) - ClockMargin;
                using var consumer = consumers().SetPartitionsAssignedHandler((member, partitions) => Begin(member, partitions, from)).Build();
                consumer.Subscribe(Topics.Events.Select(topic => topic.Name));
                try
                {
                    while (!stoppingToken.IsCancellationRequested)
                    {
                        await RoundAsync(consumer, stoppingToken);
                        failures = 0;
                    }
                }
                finally
                {
                    consumer.Close();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception is KafkaException or MySqlException)
            {
                // A new consumer begins where the last removal was kept: rows that are gone already are no error.
                Log.JanitorFailed(logger, exception, ++failures);
                await Task.Delay(Backoff.After(failures), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RoundAsync(IConsumer<byte[], byte[]> consumer, CancellationToken stoppingToken)
    {
        var events = new HashSet<Guid>();
        var next = new Dictionary<TopicPartition, Offset>();
        var begun = time.GetTimestamp();
        while (next.Count == 0 || (events.Count < BatchSize && time.GetElapsedTime(begun) < Gather))
        {
            var record = consumer.Consume(Gather);
            if (record is null)
            {
                stoppingToken.ThrowIfCancellationRequested();
                begun = next.Count == 0 ? time.GetTimestamp() : begun;
                continue;
            }

            next[record.TopicPartition] = record.Offset + 1;
            if (EventIdOf(record) is { } id)
            {
                events.Add(id);
            }
            else
            {
                Log.NoEventId(logger, record.Topic, record.Partition.Value, record.Offset.Value);
            }
        }

        if (events.Count > 0)
        {
            await outbox.RemoveAsync(events, stoppingToken);
        }

        consumer.Commit(next.Select(place => new TopicPartitionOffset(place.Key, place.Value)));
    }

    /// <summary>
    /// Where the group has no place yet, it begins at the first event that may still have a row: nothing before the oldest row's time has one. Otherwise a
    /// switch to Debezium would read every event there ever was.
    /// </summary>
    private static List<TopicPartitionOffset> Begin(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, DateTime from)
    {
        var places = consumer.Committed(partitions, Patience);
        var known = places.Where(place => place.Offset != Offset.Unset).ToList();

        // The ends are asked for first: what is published between the two questions lies behind them, and is read.
        var ends = places.Where(place => place.Offset == Offset.Unset)
            .ToDictionary(place => place.TopicPartition, place => consumer.QueryWatermarkOffsets(place.TopicPartition, Patience).High);
        var byTime = ends.Count == 0 ? [] : consumer.OffsetsForTimes(ends.Keys.Select(place => new TopicPartitionTimestamp(place, new Timestamp(from))), Patience);
        return [.. known, .. byTime.Select(place => place.Offset == Offset.End ? new(place.TopicPartition, ends[place.TopicPartition]) : place)];
    }

    private static Guid? EventIdOf(ConsumeResult<byte[], byte[]> record) =>
        record.Message.Headers.TryGetLastBytes(EventHeaders.Id, out var bytes) && bytes is not null && Guid.TryParse(Encoding.UTF8.GetString(bytes), out var id)
            ? id
            : null;
}
