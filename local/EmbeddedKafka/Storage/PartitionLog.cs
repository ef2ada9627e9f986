using System.Globalization;
using EventDriven.EmbeddedKafka.Protocol;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// The log of one partition: a folder of segments of which the last is written to. Appends take a lock; reads take none, they
/// work on the list of segments as it was when they began.
/// </summary>
/// <remarks>
/// Writes go to the operating system and are not forced to the disk, as with Apache Kafka's defaults: a killed process loses nothing,
/// a power failure may.
/// </remarks>
internal sealed class PartitionLog : IDisposable
{
    /// <summary>There is one leader for ever, so its epoch never changes.</summary>
    public const int LeaderEpoch = 0;

    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly ILogger _logger;
    private readonly ProducerStates _producers = new();
    private readonly List<FetchWaiter> _waiters = [];
    private Segment[] _segments; // replaced, never changed: readers hold on to the one they took
    private long _startOffset;
    private bool _closed;

    private PartitionLog(string directory, ILogger logger, Segment[] segments, long startOffset)
    {
        _directory = directory;
        _logger = logger;
        _segments = segments;
        _startOffset = startOffset;
    }

    /// <summary>The first offset that can be read.</summary>
    public long StartOffset => Volatile.Read(ref _startOffset);

    /// <summary>The offset after the last record. With one replica it is also the high watermark.</summary>
    public long EndOffset => Volatile.Read(ref _segments)[^1].NextOffset;

    /// <summary>Bytes of all segments.</summary>
    public long Size => Volatile.Read(ref _segments).Sum(s => (long)s.Size);

    private string StartOffsetPath => Path.Combine(_directory, "start-offset");

    /// <summary>Opens the folder, made if it is missing, and brings back the state that was there: segments, indexes, producers.</summary>
    public static PartitionLog Open(string directory, ILogger logger)
    {
        Directory.CreateDirectory(directory);
        var baseOffsets = Directory.EnumerateFiles(directory, "*.log")
            .Select(f => long.Parse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture))
            .Order()
            .ToList();

        var segments = new List<Segment>();
        foreach (var baseOffset in baseOffsets)
        {
            var segment = Segment.Open(directory, baseOffset, out var cut);
            if (cut > 0)
                Log.TornBatchCut(logger, directory, segment.NextOffset, cut);

            if (segments.Count > 0 && segments[^1].NextOffset != baseOffset)
            {
                // The one before it was cut, so its disk is damaged. A log has no gaps: it ends there, as it would in Apache Kafka.
                Log.SegmentDropped(logger, directory, baseOffset, segments[^1].NextOffset);
                segment.Delete();
            }
            else
            {
                segments.Add(segment);
            }
        }

        if (segments.Count == 0)
            segments.Add(Segment.Create(directory, 0));

        var log = new PartitionLog(directory, logger, [.. segments], segments[0].BaseOffset);
        if (File.Exists(log.StartOffsetPath))
        {
            var stored = long.Parse(File.ReadAllText(log.StartOffsetPath), CultureInfo.InvariantCulture);
            log._startOffset = Math.Clamp(stored, log._startOffset, log.EndOffset);
        }

        log.RestoreProducers();
        return log;
    }

    /// <summary>Appends one batch, stamping its offset and leader epoch into <paramref name="records"/>.</summary>
    public AppendResult Append(Memory<byte> records, TopicConfig config)
    {
        var bytes = records.Span;
        var now = DateTimeOffset.UtcNow;
        if (BatchValidator.FindProblem(bytes, config, now, out var batch) is { } problem)
            return problem;

        lock (_gate)
        {
            if (_closed)
                return AppendResult.Failed(ErrorCode.UnknownTopicOrPartition, "The partition has just been deleted.");

            var (error, duplicateOffset) = _producers.Check(batch);
            if (error != ErrorCode.None)
                return AppendResult.Failed(error, $"Sequence {batch.BaseSequence} of epoch {batch.ProducerEpoch} does not follow what producer {batch.ProducerId} sent.");

            if (duplicateOffset is { } known)
                return new(ErrorCode.None, known);

            batch = batch with { BaseOffset = EndOffset };
            RecordBatch.Stamp(bytes, batch.BaseOffset, LeaderEpoch);
            try
            {
                if (MustRoll(batch, config, now))
                    Roll();

                _segments[^1].Append(bytes, batch);
            }
            catch (IOException e)
            {
                Log.AppendFailed(_logger, e, _directory);
                return AppendResult.Failed(ErrorCode.KafkaStorageError, e.Message);
            }

            _producers.Update(batch);
            foreach (var waiter in _waiters)
                waiter.TrySetResult();
        }

        return new(ErrorCode.None, batch.BaseOffset);
    }

    /// <summary>The bytes from <paramref name="offset"/> on, at most <paramref name="maxBytes"/> but at least one batch; null at the end of the log.</summary>
    /// <param name="error">OFFSET_OUT_OF_RANGE for an offset before the start or beyond the end.</param>
    public LogSlice? Read(long offset, int maxBytes, out ErrorCode error)
    {
        error = offset < StartOffset || offset > EndOffset ? ErrorCode.OffsetOutOfRange : ErrorCode.None;
        if (error != ErrorCode.None || offset == EndOffset)
            return null;

        var segments = Volatile.Read(ref _segments);
        try
        {
            for (var i = IndexOf(segments, offset); i < segments.Length; i++)
            {
                if (segments[i].Read(offset, maxBytes) is { } slice)
                    return slice;
            }
        }
        catch (ObjectDisposedException)
        {
            error = ErrorCode.OffsetOutOfRange; // deleted between the check and now
        }

        return null;
    }

    /// <summary>The first record whose time is <paramref name="timestamp"/> or later, in milliseconds.</summary>
    public (long Offset, long Timestamp)? FindByTimestamp(long timestamp)
    {
        var start = StartOffset;
        foreach (var segment in Volatile.Read(ref _segments))
        {
            if (segment.NextOffset > start && segment.FindByTimestamp(timestamp, start) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Deletes everything before <paramref name="offset"/>.</summary>
    /// <returns>False when the offset is beyond the end.</returns>
    /// <exception cref="IOException">The new start could not be stored.</exception>
    public bool DeleteBefore(long offset)
    {
        lock (_gate)
        {
            if (offset > EndOffset)
                return false;

            if (offset <= _startOffset)
                return true;

            // Stored before any file goes: after a kill in between, what was deleted must not come back.
            var temporary = StartOffsetPath + ".new";
            File.WriteAllText(temporary, offset.ToString(CultureInfo.InvariantCulture));
            File.Move(temporary, StartOffsetPath, overwrite: true);
            Volatile.Write(ref _startOffset, offset);
            DropSegments(_segments.TakeWhile((s, i) => i < _segments.Length - 1 && s.NextOffset <= offset).Count());
            return true;
        }
    }

    /// <summary>Deletes what the topic's retention no longer keeps, and forgets idle producers.</summary>
    public void ApplyRetention(TopicConfig config, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_closed)
                return;

            var excess = config.RetentionBytes < 0 ? 0 : Size - config.RetentionBytes;
            var expired = 0;
            foreach (var segment in _segments)
            {
                if (segment.Size == 0)
                    break;

                var age = now.ToUnixTimeMilliseconds() - (segment.MaxTimestamp >= 0 ? segment.MaxTimestamp : segment.FirstAppend.ToUnixTimeMilliseconds());
                var isTooOld = config.RetentionMs >= 0 && age > config.RetentionMs;
                var isTooMuch = excess >= segment.Size;
                if (!isTooOld && !isTooMuch)
                    break;

                excess -= segment.Size;
                expired++;
            }

            if (expired == _segments.Length)
                Roll(); // the segment written to can only go when another has taken its place

            if (expired > 0)
            {
                Log.RetentionApplied(_logger, _directory, expired, _segments[expired].BaseOffset);
                DropSegments(expired);
            }

            _producers.Expire(now);
        }
    }

    /// <summary>Completes <paramref name="waiter"/> at the next append, until it is removed.</summary>
    public void AddWaiter(FetchWaiter waiter)
    {
        lock (_gate)
            _waiters.Add(waiter);
    }

    public void RemoveWaiter(FetchWaiter waiter)
    {
        lock (_gate)
            _waiters.Remove(waiter);
    }

    /// <summary>Refuses further appends and lets go of the files. Their state is saved unless they are about to be deleted.</summary>
    public void Close(bool save)
    {
        lock (_gate)
        {
            if (_closed)
                return;

            _closed = true;
            if (save)
                SaveState();

            foreach (var segment in _segments)
                segment.Dispose();

            foreach (var waiter in _waiters)
                waiter.TrySetResult();
        }
    }

    public void Dispose() => Close(save: true);

    private static int IndexOf(Segment[] segments, long offset)
    {
        var i = segments.Length - 1;
        while (i > 0 && segments[i].BaseOffset > offset)
            i--;

        return i;
    }

    private bool MustRoll(in RecordBatch batch, TopicConfig config, DateTimeOffset now)
    {
        var active = _segments[^1];
        return active.Size > 0
            && ((long)active.Size + batch.Length > config.SegmentBytes
                || batch.LastOffset - active.BaseOffset > int.MaxValue
                || (now - active.FirstAppend).TotalMilliseconds > config.SegmentMs);
    }

    private void Roll()
    {
        SaveState();
        _segments = [.. _segments, Segment.Create(_directory, EndOffset)];
    }

    /// <summary>Saves what spares the next start a scan. It can be found out from the log, so failing to save it is no failure.</summary>
    private void SaveState()
    {
        try
        {
            _segments[^1].SaveIndex();
            foreach (var old in SnapshotOffsets().OrderDescending().Skip(1).ToList())
                File.Delete(SnapshotPath(old));

            _producers.Save(SnapshotPath(EndOffset));
        }
        catch (IOException e)
        {
            Log.StateNotSaved(_logger, e, _directory);
        }
    }

    private void DropSegments(int count)
    {
        if (count == 0)
            return;

        var dropped = _segments[..count];
        _segments = _segments[count..];
        Volatile.Write(ref _startOffset, Math.Max(_startOffset, _segments[0].BaseOffset));
        foreach (var segment in dropped)
            segment.Delete();
    }

    // The newest snapshot that the log still reaches, then whatever was appended after it.
    private void RestoreProducers()
    {
        var from = 0L;
        foreach (var offset in SnapshotOffsets().OrderDescending())
        {
            if (offset <= EndOffset && _producers.TryLoad(SnapshotPath(offset)))
            {
                from = offset;
                break;
            }
        }

        foreach (var segment in _segments.Where(s => s.NextOffset > from))
            segment.Visit(from, batch => _producers.Update(batch));

        _producers.Expire(DateTimeOffset.UtcNow);
    }

    private IEnumerable<long> SnapshotOffsets() => Directory.EnumerateFiles(_directory, "*.producers")
        .Select(f => long.Parse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture));

    private string SnapshotPath(long offset) => Path.Combine(_directory, offset.ToString("D20", CultureInfo.InvariantCulture) + ".producers");
}
