using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EventDriven.EmbeddedKafka.Protocol;

/// <summary>
/// The header of a record batch (message format 2). The records behind it stay opaque: compressed or not, they are stored and
/// sent as the producer made them. Layout: https://kafka.apache.org/documentation/#recordbatch
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordBatch
{
    /// <summary>Bytes before the length field's own end: base offset and batch length.</summary>
    public const int LogOverhead = 12;

    /// <summary>Bytes of the header, which the records follow.</summary>
    public const int HeaderLength = 61;

    public const byte Magic = 2;
    public const long NoProducerId = -1;

    private const int LeaderEpochOffset = 12;
    private const int MagicOffset = 16;
    private const int CrcOffset = 17;
    private const int AttributesOffset = 21;

    public required long BaseOffset { get; init; }

    /// <summary>Bytes of the whole batch, header included.</summary>
    public required int Length { get; init; }

    public required byte MagicByte { get; init; }
    public required short Attributes { get; init; }
    public required int LastOffsetDelta { get; init; }
    public required long BaseTimestamp { get; init; }
    public required long MaxTimestamp { get; init; }
    public required long ProducerId { get; init; }
    public required short ProducerEpoch { get; init; }
    public required int BaseSequence { get; init; }
    public required int RecordCount { get; init; }

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public long NextOffset => LastOffset + 1;

    public bool HasProducerId => ProducerId != NoProducerId;

    /// <summary>Sequence numbers wrap from the largest int to zero.</summary>
    public int LastSequence => (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    public int CompressionCodec => Attributes & 0x07;

    public bool IsLogAppendTime => (Attributes & 0x08) != 0;

    public bool IsTransactional => (Attributes & 0x10) != 0;

    public bool IsControl => (Attributes & 0x20) != 0;

    /// <summary>Reads a header from its <see cref="HeaderLength"/> bytes, unchecked.</summary>
    public static RecordBatch Read(ReadOnlySpan<byte> header) => new()
    {
        BaseOffset = BinaryPrimitives.ReadInt64BigEndian(header),
        Length = (int)Math.Min(int.MaxValue, (long)BinaryPrimitives.ReadInt32BigEndian(header[8..]) + LogOverhead),
        MagicByte = header[MagicOffset],
        Attributes = BinaryPrimitives.ReadInt16BigEndian(header[AttributesOffset..]),
        LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(header[23..]),
        BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(header[27..]),
        MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(header[35..]),
        ProducerId = BinaryPrimitives.ReadInt64BigEndian(header[43..]),
        ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(header[51..]),
        BaseSequence = BinaryPrimitives.ReadInt32BigEndian(header[53..]),
        RecordCount = BinaryPrimitives.ReadInt32BigEndian(header[57..]),
    };

    /// <summary>The checksum covers everything from the attributes on, so that offset and leader epoch can be stamped without it changing.</summary>
    public static bool HasValidCrc(ReadOnlySpan<byte> batch) =>
        BinaryPrimitives.ReadUInt32BigEndian(batch[CrcOffset..]) == Crc32C(batch[AttributesOffset..]);

    /// <summary>Gives a batch its place in the log.</summary>
    public static void Stamp(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[LeaderEpochOffset..], leaderEpoch);
    }

    /// <summary>CRC-32C (Castagnoli), the polynomial of the batch checksum. Uses the processor's instruction where it has one.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            crc = BitOperations.Crc32C(crc, word);

        foreach (var b in data[(data.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, b);

        return ~crc;
    }
}
