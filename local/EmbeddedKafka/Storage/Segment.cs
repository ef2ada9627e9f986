using EventDriven.EmbeddedKafka.Protocol;
using Microsoft.Win32.SafeHandles;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// One file of a partition's log: batches one after the other, as Kafka lays them out, named by the first offset it can hold.
/// One thread appends under the log's lock; readers need no lock, they see only what <see cref="Size"/> covers.
/// </summary>
internal sealed class Segment : IDisposable
{
    private readonly string _path;
    private readonly SegmentIndex _index = new();
    private readonly SafeFileHandle _file;
    private int _size;
    private long _nextOffset;

    private Segment(string directory, long baseOffset)
    {
        BaseOffset = baseOffset;
        _nextOffset = baseOffset;
        _path = PathOf(directory, baseOffset);
        _file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    public long BaseOffset { get; }

    /// <summary>The offset after the last one stored.</summary>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>Bytes stored.</summary>
    public int Size => Volatile.Read(ref _size);

    /// <summary>The greatest timestamp stored; -1 when there is none.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    /// <summary>When the first batch was appended or, after a restart, the file last written: what the age of a segment is counted from.</summary>
    public DateTimeOffset FirstAppend { get; private set; }

    private string IndexPath => Path.ChangeExtension(_path, ".index");

    public static string PathOf(string directory, long baseOffset) =>
        Path.Combine(directory, baseOffset.ToString("D20", System.Globalization.CultureInfo.InvariantCulture) + ".log");

    public static Segment Create(string directory, long baseOffset)
    {
        var segment = new Segment(directory, baseOffset);
        RandomAccess.SetLength(segment._file, 0); // left by a roll that died before its first batch
        return segment;
    }

    /// <summary>
    /// Opens what a previous run left. With the index file of the log as it is, nothing is scanned. Otherwise the batches are, their
    /// checksums too, and the file is cut where the first torn one begins: it was never acknowledged.
    /// </summary>
    /// <param name="cut">How many bytes were cut.</param>
    public static Segment Open(string directory, long baseOffset, out long cut)
    {
        var segment = new Segment(directory, baseOffset);
        var length = RandomAccess.GetLength(segment._file);
        segment.FirstAppend = new DateTimeOffset(File.GetLastWriteTimeUtc(segment._path));
        cut = 0;
        if (segment._index.TryLoad(segment.IndexPath, length, out var summary))
        {
            segment._size = (int)length;
            segment._nextOffset = summary.NextOffset;
            segment.MaxTimestamp = summary.MaxTimestamp;
            return segment;
        }

        segment._index.Clear();
        using (var scanner = new BatchScanner(segment._file, 0, Math.Min(length, int.MaxValue)))
        {
            while (scanner.MoveNext() && scanner.Current.BaseOffset >= segment._nextOffset && scanner.CurrentIsIntact())
                segment.Take(scanner.Current);
        }

        cut = length - segment._size;
        if (cut > 0)
            RandomAccess.SetLength(segment._file, segment._size);

        return segment;
    }

    /// <summary>Writes a batch that has its offset already. A failed write leaves the segment as it was.</summary>
    /// <exception cref="IOException">The disk is full, or worse.</exception>
    public void Append(ReadOnlySpan<byte> bytes, in RecordBatch batch)
    {
        try
        {
            RandomAccess.Write(_file, bytes, _size);
        }
        catch (IOException)
        {
            // Part of the batch may have been written; the next one goes over it, and a scan would cut it.
            RandomAccess.SetLength(_file, _size);
            throw;
        }

        if (_size == 0)
            FirstAppend = DateTimeOffset.UtcNow;

        Take(batch);
    }

    /// <summary>The bytes from the batch that holds <paramref name="offset"/> on: at most <paramref name="maxBytes"/>, but that batch in any case.</summary>
    /// <returns>Null when nothing at or after the offset is in this segment.</returns>
    public LogSlice? Read(long offset, int maxBytes)
    {
        var size = Size;
        using var scanner = new BatchScanner(_file, _index.PositionForOffset((int)Math.Max(0, offset - BaseOffset)), size);
        while (scanner.MoveNext())
        {
            if (scanner.Current.LastOffset >= offset)
                return new LogSlice(_file, scanner.Position, Math.Min(size - scanner.Position, Math.Max(maxBytes, scanner.Current.Length)));
        }

        return null;
    }

    /// <summary>The first record of this segment, at or after <paramref name="fromOffset"/>, whose time is <paramref name="timestamp"/> or later.</summary>
    public (long Offset, long Timestamp)? FindByTimestamp(long timestamp, long fromOffset)
    {
        if (MaxTimestamp < timestamp)
            return null;

        using var scanner = new BatchScanner(_file, _index.PositionForTimestamp(timestamp), Size);
        while (scanner.MoveNext())
        {
            if (scanner.Current.MaxTimestamp < timestamp || scanner.Current.LastOffset < fromOffset)
                continue;

            if (RecordTimes.FirstAtOrAfter(scanner.ReadCurrent(), scanner.Current, timestamp, fromOffset) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Calls <paramref name="visit"/> for the batches from <paramref name="fromOffset"/> on.</summary>
    public void Visit(long fromOffset, Action<RecordBatch> visit)
    {
        using var scanner = new BatchScanner(_file, _index.PositionForOffset((int)Math.Clamp(fromOffset - BaseOffset, 0, int.MaxValue)), Size);
        while (scanner.MoveNext())
        {
            if (scanner.Current.BaseOffset >= fromOffset)
                visit(scanner.Current);
        }
    }

    /// <summary>Saves the index, so that the next start need not scan this segment.</summary>
    public void SaveIndex() => _index.Save(IndexPath, new(_size, _nextOffset, MaxTimestamp));

    public void Delete()
    {
        Dispose();
        File.Delete(_path);
        File.Delete(IndexPath);
    }

    public void Dispose() => _file.Dispose();

    private void Take(in RecordBatch batch)
    {
        _index.Note((int)(batch.BaseOffset - BaseOffset), _size, MaxTimestamp);
        MaxTimestamp = Math.Max(MaxTimestamp, batch.MaxTimestamp);
        Volatile.Write(ref _nextOffset, batch.NextOffset);
        Volatile.Write(ref _size, _size + batch.Length);
    }
}
