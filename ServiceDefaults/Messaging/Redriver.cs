using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>
/// Applies the dead letters of the group once more, in the order in which they were parked, from where the last redrive ended up to the end as it is now.
/// They are read straight from the dead letter topic: the event topics, which are kept for ever, get no second copy, and no other group sees anything of
/// it. What still does not pass goes to the end of the dead letter topic.
/// </summary>
internal sealed class Redriver(
    ConsumerFactory consumers, ConsumerStore store, BatchProcessor processor, IOptions<EventConsumerOptions> options, ILogger<Redriver> logger) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Redrives everything.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public async Task<RedriveResult> RunAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var result = new RedriveResult(0, 0, 0, 0);
            foreach (var topic in options.Value.Topics)
            {
                result = await TopicAsync(topic, result, cancellationToken);
            }

            Log.RedriveDone(logger, result.Read, result.Applied, result.Duplicates, result.Parked);
            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<RedriveResult> TopicAsync(Contracts.Topic topic, RedriveResult result, CancellationToken cancellationToken)
    {
        var letters = DeadLetterWriter.TopicOf(topic.Name);
        Log.RedriveBegins(logger, letters);
        var partitions = Enumerable.Range(0, topic.Partitions).Select(partition => new TopicPartition(letters, partition)).ToList();
        var next = (await store.PositionsAsync(partitions, cancellationToken)).ToDictionary();

        // A redriven event and a live one of the same aggregate must not be judged at the same time: both take the lock of the source partition.
        await store.PositionsAsync([.. partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition))], cancellationToken);
        using var consumer = consumers.Apart().Build();
        var ends = await OnOwnThread(() => Ends(consumer, partitions), cancellationToken);
        var open = partitions.Where(partition => next[partition] < ends[partition]).ToHashSet();
        consumer.Assign(open.Select(partition => new TopicPartitionOffset(partition, next[partition])));
        while (open.Count > 0)
        {
            var read = await OnOwnThread(() => Chunk(consumer, ends, open, cancellationToken), cancellationToken);
            if (read.Count > 0)
            {
                result = await ApplyAsync(read, next, topic, result, cancellationToken);
            }
        }

        return result;
    }

    private static Task<T> OnOwnThread<T>(Func<T> blocking, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(blocking, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Dictionary<TopicPartition, long> Ends(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> partitions) =>
        partitions.ToDictionary(partition => partition, partition => consumer.QueryWatermarkOffsets(partition, Patience).High.Value);

    private List<ConsumeResult<byte[]?, byte[]?>> Chunk(
        IConsumer<byte[]?, byte[]?> consumer, Dictionary<TopicPartition, long> ends, HashSet<TopicPartition> open, CancellationToken cancellationToken)
    {
        List<ConsumeResult<byte[]?, byte[]?>> read = [];
        while (read.Count < options.Value.MaxBatch && open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (consumer.Consume(Poll) is not { } result)
            {
                break;
            }

            if (!result.IsPartitionEOF && result.Offset < ends[result.TopicPartition])
            {
                read.Add(result);
            }

            if (result.IsPartitionEOF || result.Offset.Value + 1 >= ends[result.TopicPartition])
            {
                open.Remove(result.TopicPartition);
            }
        }

        return read;
    }

    private async Task<RedriveResult> ApplyAsync(
        List<ConsumeResult<byte[]?, byte[]?>> read, Dictionary<TopicPartition, long> next, Contracts.Topic topic, RedriveResult result, CancellationToken cancellationToken)
    {
        List<IncomingRecord> records = [];
        foreach (var letter in read)
        {
            if (DeadLetterWriter.Restore(letter, options.Value.Group) is { } original)
            {
                records.Add(RecordDecoder.Decode(original, letter.TopicPartitionOffset));
            }
        }

        var positions = read.GroupBy(letter => letter.TopicPartition)
            .Select(group => new PartitionPosition(group.Key, next[group.Key], group.Max(letter => letter.Offset.Value) + 1)).ToList();
        var locked = positions.Select(position => new TopicPartition(topic.Name, position.Partition.Partition)).ToList();
        var outcome = await processor.ProcessAsync(new(records, positions, locked), cancellationToken);
        foreach (var (partition, offset) in outcome.Offsets)
        {
            next[partition] = offset;
        }

        return new(result.Read + records.Count, result.Applied + outcome.Applied, result.Duplicates + outcome.Duplicates, result.Parked + outcome.DeadLettered);
    }
}
