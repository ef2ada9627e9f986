using System.Buffers.Binary;
using System.IO.Compression;
using EventDriven.EmbeddedKafka.Protocol;
using K4os.Compression.LZ4.Streams;
using Snappier;
using ZstdSharp;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// Looks into a batch for the record that begins a time: the one place where records are read, so the one where they are decompressed.
/// Record layout: https://kafka.apache.org/documentation/#record
/// </summary>
internal static class RecordTimes
{
    private static ReadOnlySpan<byte> XerialMagic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    private const int XerialHeaderLength = 16;

    /// <summary>The first record at or after <paramref name="fromOffset"/> whose time is <paramref name="timestamp"/> or later.</summary>
    public static (long Offset, long Timestamp)? FirstAtOrAfter(ReadOnlySpan<byte> bytes, in RecordBatch batch, long timestamp, long fromOffset)
    {
        using var records = Decompress(bytes[RecordBatch.HeaderLength..].ToArray(), batch.CompressionCodec);
        for (var i = 0; i < batch.RecordCount; i++)
        {
            var length = ReadVarlong(records, out _);
            records.ReadByte(); // attributes, unused
            var time = batch.BaseTimestamp + ReadVarlong(records, out var timeBytes);
            var offset = batch.BaseOffset + ReadVarlong(records, out var offsetBytes);
            if (time >= timestamp && offset >= fromOffset)
                return (offset, time);

            Skip(records, length - 1 - timeBytes - offsetBytes);
        }

        return null;
    }

    private static Stream Decompress(byte[] records, int codec) => codec switch
    {
        0 => new MemoryStream(records),
        1 => new BufferedStream(new GZipStream(new MemoryStream(records), CompressionMode.Decompress)),
        2 => new MemoryStream(DecompressSnappy(records)),
        3 => new BufferedStream(LZ4Stream.Decode(new MemoryStream(records))),
        4 => new BufferedStream(new DecompressionStream(new MemoryStream(records))),
        _ => throw new InvalidDataException($"Unknown compression codec {codec}."),
    };

    // librdkafka writes one plain snappy block, Java's library a header and blocks, each with its length before it.
    private static byte[] DecompressSnappy(ReadOnlySpan<byte> records)
    {
        if (!records.StartsWith(XerialMagic))
            return Snappy.DecompressToArray(records);

        using var blocks = new MemoryStream();
        for (var rest = records[XerialHeaderLength..]; rest.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            blocks.Write(Snappy.DecompressToArray(rest.Slice(4, length)));
            rest = rest[(4 + length)..];
        }

        blocks.Position = 0;
        return blocks.ToArray();
    }

    /// <summary>A zigzag-encoded variable-length integer.</summary>
    private static long ReadVarlong(Stream stream, out int bytes)
    {
        ulong value = 0;
        bytes = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var b = stream.ReadByte();
            if (b < 0)
                throw new EndOfStreamException("A record ends early.");

            bytes++;
            value |= (ulong)(b & 0x7f) << shift;
            if ((b & 0x80) == 0)
                return (long)(value >> 1) ^ -(long)(value & 1);
        }

        throw new InvalidDataException("A variable-length integer does not end.");
    }

    private static void Skip(Stream stream, long count)
    {
        if (stream.CanSeek)
        {
            stream.Seek(count, SeekOrigin.Current);
            return;
        }

        Span<byte> discarded = stackalloc byte[1024];
        while (count > 0)
        {
            var read = stream.Read(discarded[..(int)Math.Min(count, discarded.Length)]);
            if (read == 0)
                throw new EndOfStreamException("A record ends early.");

            count -= read;
        }
    }
}
