using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>
/// One membership in the consumer group, on one thread. While a batch is being applied the next one is read, and no more than that. All handlers of the
/// client run on this thread, inside <c>Consume</c>.
/// </summary>
internal sealed class ConsumerSession : IDisposable
{
    private const long MaxBatchBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan IdlePoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BusyPoll = TimeSpan.FromMilliseconds(2);

    // A batch that takes longer than this is waited for with the partitions paused, so that the group still hears from this member.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    // How long a rebalance, or the end, waits for the batch in flight. One that takes longer is safe too: it is fenced or it wins.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly ConsumerStore _store;
    private readonly BatchProcessor _processor;
    private readonly ConsumerMetrics _metrics;
    private readonly ConsumerHealth _health;
    private readonly EventConsumerOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly Dictionary<TopicPartition, PartitionCursor> _cursors = [];
    private int _pending;
    private long _pendingBytes;
    private bool _paused;
    private BatchInFlight? _inFlight;

    public ConsumerSession(
        ConsumerFactory consumers,
        ConsumerStore store,
        BatchProcessor processor,
        ConsumerMetrics metrics,
        ConsumerHealth health,
        EventConsumerOptions options,
        ILogger logger,
        CancellationToken stopping)
    {
        (_store, _processor, _metrics, _health, _options, _logger, _stopping) = (store, processor, metrics, health, options, logger, stopping);
        _consumer = consumers.InGroup()
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoked(partitions, Patience))
            .SetPartitionsLostHandler((_, partitions) => Revoked(partitions, TimeSpan.Zero))
            .Build();
    }

    /// <summary>Reads and applies until stopped.</summary>
    /// <exception cref="KafkaException">The client cannot go on.</exception>
    public void Run()
    {
        _consumer.Subscribe(_options.Topics.Select(topic => topic.Name));
        while (!_stopping.IsCancellationRequested)
        {
            Complete();
            if (Full && _inFlight is { } batch)
            {
                WaitFor(batch);
                continue;
            }

            var idle = _inFlight is null && _pending == 0;
            var read = Read(idle ? IdlePoll : _inFlight is null ? TimeSpan.Zero : BusyPoll);
            if (_inFlight is null && _pending > 0 && (!read || Full))
            {
                Begin();
            }
        }
    }

    public void Dispose()
    {
        WaitUpTo(Patience);
        try
        {
            // Leaves the group, so that its partitions move at once; also calls the handler for revoked partitions.
            _consumer.Close();
        }
        catch (KafkaException exception)
        {
            Log.ClientError(_logger, exception.Message);
        }

        _consumer.Dispose();
        _metrics.Partitions.Clear();
    }

    private bool Full => _pending >= _options.MaxBatch || _pendingBytes >= MaxBatchBytes;

    private bool Read(TimeSpan timeout)
    {
        ConsumeResult<byte[]?, byte[]?>? result;
        try
        {
            result = _consumer.Consume(timeout);
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            // A topic that is not there yet, a broker that is away: the client goes on by itself.
            Log.ClientError(_logger, exception.Error.Reason);
            return false;
        }

        if (result is null || !_cursors.TryGetValue(result.TopicPartition, out var cursor))
        {
            return false;
        }

        cursor.Pending.Add(RecordDecoder.Decode(result));
        _pending++;
        _pendingBytes += Size(result);
        return true;
    }

    private static long Size(ConsumeResult<byte[]?, byte[]?> result) => (result.Message.Key?.Length ?? 0) + (result.Message.Value?.Length ?? 0) + 300;

    private void Begin()
    {
        List<IncomingRecord> records = new(_pending);
        List<PartitionPosition> positions = [];
        Dictionary<TopicPartition, PartitionCursor> cursors = [];
        foreach (var cursor in _cursors.Values.Where(cursor => cursor.Pending.Count > 0))
        {
            records.AddRange(cursor.Pending);
            positions.Add(new(cursor.Partition, cursor.Next, cursor.Pending[^1].ReadAt.Offset.Value + 1));
            cursors.Add(cursor.Partition, cursor);
            cursor.Pending.Clear();
        }

        (_pending, _pendingBytes) = (0, 0);
        var batch = new Batch(records, positions, []);
        _inFlight = new(Task.Run(() => _processor.ProcessAsync(batch, _stopping), CancellationToken.None), batch, cursors, Stopwatch.GetTimestamp());
    }

    private void Complete()
    {
        if (_inFlight is not { Work.IsCompleted: true } done)
        {
            return;
        }

        _inFlight = null;
        if (_paused)
        {
            _consumer.Resume(_consumer.Assignment);
            _paused = false;
        }

        var outcome = done.Work.GetAwaiter().GetResult();
        foreach (var position in done.Batch.Positions)
        {
            // A partition that was given up meanwhile, or given up and got back, has nothing to learn from this batch.
            if (_cursors.TryGetValue(position.Partition, out var cursor) && ReferenceEquals(cursor, done.Cursors[position.Partition]))
            {
                Advance(cursor, position, outcome.Offsets[position.Partition]);
            }
        }

        Measure(done.Batch);
    }

    private void Advance(PartitionCursor cursor, PartitionPosition position, long stored)
    {
        cursor.Next = stored;
        if (stored == position.Next)
        {
            _consumer.StoreOffset(new TopicPartitionOffset(cursor.Partition, stored));
            return;
        }

        // Another worker was here. What was read on from the wrong place is dropped; a failing seek ends the session, which then begins anew.
        Forget(cursor);
        _consumer.Seek(new TopicPartitionOffset(cursor.Partition, stored));
    }

    private void Forget(PartitionCursor cursor)
    {
        _pending -= cursor.Pending.Count;
        _pendingBytes -= cursor.Pending.Sum(record => Size(record.Raw));
        cursor.Pending.Clear();
    }

    private void WaitFor(BatchInFlight batch)
    {
        if (Stopwatch.GetElapsedTime(batch.Started) < Slow)
        {
            WaitUpTo(Slow);
            return;
        }

        _consumer.Pause(_consumer.Assignment);
        _paused = true;
        Read(IdlePoll);
    }

    private void WaitUpTo(TimeSpan patience)
    {
        // The thread is the session's own: waiting on it costs the pool nothing.
        if (_inFlight is { } batch)
        {
            Task.WaitAny([batch.Work], patience);
        }
    }

    private IEnumerable<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        var positions = Positions(partitions);
        foreach (var partition in partitions)
        {
            _cursors[partition] = new(partition, positions[partition]);
        }

        Log.Assigned(_logger, PartitionRanges.Text(partitions));
        return partitions.Select(partition => new TopicPartitionOffset(partition, positions[partition]));
    }

    private IReadOnlyDictionary<TopicPartition, long> Positions(List<TopicPartition> partitions)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Inside a handler of the client there is nothing to await with; the thread is the session's own.
                var positions = _store.PositionsAsync(partitions, _stopping).GetAwaiter().GetResult();
                _health.Works();
                return positions;
            }
            catch (Exception exception) when (DatabaseErrors.IsInfrastructure(exception) && !_stopping.IsCancellationRequested)
            {
                Log.PositionsRetry(_logger, exception, attempt);
                _health.Failed(exception);
                _stopping.WaitHandle.WaitOne(Backoff.After(attempt));
            }
        }
    }

    private void Revoked(List<TopicPartitionOffset> partitions, TimeSpan patience)
    {
        WaitUpTo(patience);
        foreach (var partition in partitions.Select(partition => partition.TopicPartition))
        {
            if (_cursors.Remove(partition, out var cursor))
            {
                Forget(cursor);
            }

            _metrics.Partitions.TryRemove(partition, out _);
        }

        Log.Revoked(_logger, PartitionRanges.Text(partitions.Select(partition => partition.TopicPartition)));
    }

    private void Measure(Batch batch)
    {
        var lastApplied = batch.Records.GroupBy(record => record.ReadAt.TopicPartition).ToDictionary(group => group.Key, group => group.Last());
        foreach (var (partition, last) in lastApplied)
        {
            if (_cursors.TryGetValue(partition, out var cursor))
            {
                var oldest = cursor.Pending.Count > 0 ? cursor.Pending[0] : last;
                var end = _consumer.GetWatermarkOffsets(partition).High.Value;
                _metrics.Partitions[partition] = new(Math.Max(0, end - cursor.Next), oldest.Raw.Message.Timestamp.UtcDateTime);
            }
        }
    }
}
