using System.Buffers.Binary;
using System.Text;

namespace EventDriven.EmbeddedKafka.Protocol;

/// <summary>
/// Reads the primitive types of Kafka's protocol from one request. Every length and count is checked against what is left of
/// the request before anything is allocated for it.
/// Types: https://kafka.apache.org/protocol#protocol_types; flexible versions (compact types, tagged fields): KIP-482.
/// </summary>
/// <exception cref="ProtocolException">From every method, when the bytes are not what the protocol says.</exception>
internal ref struct KafkaReader(ReadOnlyMemory<byte> buffer, bool flexible)
{
    /// <summary>Most items an array may have. Far above what any client sends, far below what could exhaust memory.</summary>
    public const int MaxArrayLength = 100_000;

    private ReadOnlyMemory<byte> _rest = buffer;

    /// <summary>Reads one item of an array.</summary>
    public delegate T ItemReader<out T>(ref KafkaReader reader, int version);

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlyMemory<byte> Rest => _rest;

    public sbyte ReadInt8() => (sbyte)Take(1).Span[0];

    public bool ReadBool() => Take(1).Span[0] != 0;

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2).Span);

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4).Span);

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8).Span);

    public string ReadString() => ReadNullableString() ?? throw new ProtocolException("A string that must not be null is null.");

    public string? ReadNullableString()
    {
        var length = flexible ? ReadCompactLength() : ReadInt16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length).Span);
    }

    public ReadOnlyMemory<byte> ReadBytes() => ReadNullableBytes() ?? throw new ProtocolException("Bytes that must not be null are null.");

    /// <summary>The bytes in place, not a copy: valid as long as the request's buffer is.</summary>
    public ReadOnlyMemory<byte>? ReadNullableBytes()
    {
        var length = flexible ? ReadCompactLength() : ReadInt32();
        return length < 0 ? null : Take(length);
    }

    public T[] ReadArray<T>(ItemReader<T> readItem, int version = 0) =>
        ReadNullableArray(readItem, version) ?? throw new ProtocolException("An array that must not be null is null.");

    public T[]? ReadNullableArray<T>(ItemReader<T> readItem, int version = 0)
    {
        var length = flexible ? ReadCompactLength() : ReadInt32();
        if (length < 0)
            return null;

        // The smallest item takes one byte, so a count above the bytes left is a lie.
        if (length > _rest.Length || length > MaxArrayLength)
            throw new ProtocolException($"An array claims {length} items with {_rest.Length} bytes left.");

        var items = new T[length];
        for (var i = 0; i < length; i++)
            items[i] = readItem(ref this, version);

        return items;
    }

    public int[] ReadInt32Array() => ReadArray(static (ref r, _) => r.ReadInt32());

    public string[] ReadStringArray() => ReadArray(static (ref r, _) => r.ReadString());

    /// <summary>Skips the tagged fields that end every structure of a flexible version. This broker needs none of them.</summary>
    public void SkipTags()
    {
        if (!flexible)
            return;

        for (var count = ReadUnsignedVarint(); count > 0; count--)
        {
            ReadUnsignedVarint();
            Take(ReadLength());
        }
    }

    /// <summary>Seven bits a byte, least significant first, the eighth bit set on all but the last.</summary>
    public uint ReadUnsignedVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var b = Take(1).Span[0];
            value |= (uint)(b & 0x7f) << shift;
            if ((b & 0x80) == 0)
                return value;
        }

        throw new ProtocolException("A variable-length integer does not end.");
    }

    // Compact lengths are stored plus one, so that zero can stand for null.
    private int ReadCompactLength()
    {
        var stored = ReadUnsignedVarint();
        return stored > int.MaxValue ? throw new ProtocolException("A length is out of range.") : (int)stored - 1;
    }

    private int ReadLength()
    {
        var length = ReadUnsignedVarint();
        return length > int.MaxValue ? throw new ProtocolException("A length is out of range.") : (int)length;
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
            throw new ProtocolException($"{count} bytes are needed where {_rest.Length} are left.");

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
