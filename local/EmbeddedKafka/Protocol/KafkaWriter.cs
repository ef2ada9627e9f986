using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using EventDriven.EmbeddedKafka.Storage;

namespace EventDriven.EmbeddedKafka.Protocol;

/// <summary>
/// Writes the primitive types of Kafka's protocol into one pooled buffer. Records are not copied into it: a slice of a log file is
/// remembered with its place and read when the response is sent, so that a fetch of many megabytes needs no buffer of that size.
/// </summary>
internal sealed class KafkaWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;
    private readonly List<(int Position, LogSlice Slice)> _slices = [];

    /// <summary>True for flexible versions (KIP-482): compact lengths, and tagged fields after every structure.</summary>
    public bool Flexible { get; set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>File slices, each to be sent before the byte of <see cref="Written"/> at its position.</summary>
    public IReadOnlyList<(int Position, LogSlice Slice)> Slices => _slices;

    /// <summary>Empties the writer for the next response.</summary>
    public void Reset()
    {
        _length = 0;
        Flexible = false;
        foreach (var (_, slice) in _slices)
            slice.Dispose();

        _slices.Clear();
    }

    public void WriteInt8(int value) => Reserve(1)[0] = (byte)value;

    public void WriteBool(bool value) => Reserve(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Reserve(2), value);

    public void WriteError(ErrorCode value) => WriteInt16((short)value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(8), value);

    public void WriteString(string? value)
    {
        var bytes = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        if (Flexible)
            WriteUnsignedVarint((uint)(bytes + 1));
        else
            WriteInt16(checked((short)bytes));

        if (value is not null)
            Encoding.UTF8.GetBytes(value, Reserve(bytes));
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteBytesLength(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    /// <summary>Writes the length of the slice; the bytes themselves follow when the response is sent. Takes the slice over.</summary>
    public void WriteRecords(LogSlice? slice)
    {
        WriteBytesLength(slice?.Length ?? 0);
        if (slice is not null)
            _slices.Add((_length, slice));
    }

    /// <summary>The count of an array, or null where the array is null; the items follow.</summary>
    public void WriteArrayLength(int? count)
    {
        if (Flexible)
            WriteUnsignedVarint((uint)((count ?? -1) + 1));
        else
            WriteInt32(count ?? -1);
    }

    public void WriteArray<T>(IReadOnlyCollection<T> items, Action<KafkaWriter, T> writeItem)
    {
        WriteArrayLength(items.Count);
        foreach (var item in items)
            writeItem(this, item);
    }

    public void WriteInt32Array(params ReadOnlySpan<int> items)
    {
        WriteArrayLength(items.Length);
        foreach (var item in items)
            WriteInt32(item);
    }

    /// <summary>Ends a structure: no tagged fields.</summary>
    public void WriteTags()
    {
        if (Flexible)
            WriteUnsignedVarint(0);
    }

    /// <summary>Overwrites the four bytes at <paramref name="position"/>: the size, known only at the end.</summary>
    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(position), value);

    public void Dispose()
    {
        Reset();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void WriteBytesLength(int length)
    {
        if (Flexible)
            WriteUnsignedVarint((uint)(length + 1));
        else
            WriteInt32(length);
    }

    private void WriteUnsignedVarint(uint value)
    {
        for (; value > 0x7f; value >>= 7)
            Reserve(1)[0] = (byte)(value | 0x80);

        Reserve(1)[0] = (byte)value;
    }

    private Span<byte> Reserve(int count)
    {
        if (_length + count > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + count, _buffer.Length * 2));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var reserved = _buffer.AsSpan(_length, count);
        _length += count;
        return reserved;
    }
}
