using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// Where in a segment to begin looking for an offset or a time: one entry for every <see cref="Interval"/> bytes of log, in memory
/// (5 GB of log: under 4 MB), written to a file beside the segment when it is rolled or closed.
/// One thread appends, any number look up at the same time.
/// </summary>
internal sealed class SegmentIndex
{
    /// <summary>Bytes of log between two entries, and so the most a lookup reads.</summary>
    public const int Interval = 32 * 1024;

    private const uint FileMagic = 0x454B4958; // "EKIX"
    private const int FileHeaderLength = 40;

    private Entry[] _entries = new Entry[16];
    private int _count;

    /// <summary>An index entry: the batch at <paramref name="Position"/> begins at this offset, and nothing before it is as late as or later than the time.</summary>
    /// <param name="RelativeOffset">Offset of the batch, counted from the segment's first.</param>
    /// <param name="Position">Byte position of the batch in the segment file.</param>
    /// <param name="MaxTimestampBefore">Greatest timestamp of all batches before this one; -1 before the first.</param>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Entry(int RelativeOffset, int Position, long MaxTimestampBefore);

    /// <summary>What the file holds besides the entries, so that a segment opened from it need not be scanned.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Summary(long LogSize, long NextOffset, long MaxTimestamp);

    /// <summary>Notes a batch about to be appended, if the last entry is far enough away.</summary>
    public void Note(int relativeOffset, int position, long maxTimestampBefore)
    {
        if (_count > 0 && position - _entries[_count - 1].Position < Interval)
            return;

        if (_count == _entries.Length)
        {
            var larger = new Entry[_count * 2];
            _entries.CopyTo(larger, 0);
            Volatile.Write(ref _entries, larger);
        }

        _entries[_count] = new(relativeOffset, position, maxTimestampBefore);
        Volatile.Write(ref _count, _count + 1); // readers see the entry before they see the count
    }

    /// <summary>The position of a batch at or before the one that holds the offset.</summary>
    public int PositionForOffset(int relativeOffset) => Find(relativeOffset, static (entry, target) => entry.RelativeOffset <= target);

    /// <summary>A position before which every record is earlier than <paramref name="timestamp"/>.</summary>
    public int PositionForTimestamp(long timestamp) => Find(timestamp, static (entry, target) => entry.MaxTimestampBefore < target);

    public void Clear() => _count = 0;

    /// <summary>Writes the file: header, checksum over all the rest, entries.</summary>
    public void Save(string path, Summary summary)
    {
        var bytes = new byte[FileHeaderLength + (_count * Marshal.SizeOf<Entry>())];
        MemoryMarshal.AsBytes(_entries.AsSpan(0, _count)).CopyTo(bytes.AsSpan(FileHeaderLength));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), summary.LogSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), summary.NextOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), summary.MaxTimestamp);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), _count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, FileMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), RecordBatch.Crc32C(bytes.AsSpan(8)));
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Reads the file back. False when it is missing, damaged, or not of the log as it is now: then the log must be scanned.</summary>
    public bool TryLoad(string path, long logSize, out Summary summary)
    {
        summary = default;
        if (!File.Exists(path))
            return false;

        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < FileHeaderLength
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != FileMagic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) != RecordBatch.Crc32C(bytes.AsSpan(8)))
        {
            return false;
        }

        summary = new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)));
        if (summary.LogSize != logSize)
            return false;

        _entries = MemoryMarshal.Cast<byte, Entry>(bytes.AsSpan(FileHeaderLength)).ToArray();
        _count = _entries.Length;
        if (_count == 0)
            _entries = new Entry[16];

        return true;
    }

    private int Find<T>(T target, Func<Entry, T, bool> isNotAfter)
    {
        var count = Volatile.Read(ref _count);
        var entries = Volatile.Read(ref _entries);
        int low = 0, high = count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (isNotAfter(entries[middle], target))
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? 0 : entries[low - 1].Position;
    }
}
