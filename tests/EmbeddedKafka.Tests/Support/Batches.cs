using System.Buffers.Binary;
using System.Text;
using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>Makes record batches, right or wrong ones.</summary>
internal static class Batches
{
    /// <summary>An uncompressed batch of small records.</summary>
    public static byte[] Make(
        int count, long producerId = -1, short epoch = -1, int sequence = -1, short attributes = 0, long? timestamp = null, string value = "v")
    {
        using var records = new MemoryStream();
        for (var i = 0; i < count; i++)
        {
            using var record = new MemoryStream();
            record.WriteByte(0); // attributes
            WriteVarint(record, 0); // time delta
            WriteVarint(record, i); // offset delta
            WriteVarint(record, -1); // no key
            var bytes = Encoding.UTF8.GetBytes(value);
            WriteVarint(record, bytes.Length);
            record.Write(bytes);
            WriteVarint(record, 0); // headers
            WriteVarint(records, (int)record.Length);
            record.WriteTo(records);
        }

        var time = timestamp ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var batch = new byte[RecordBatch.HeaderLength + records.Length];
        records.ToArray().CopyTo(batch, RecordBatch.HeaderLength);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - RecordBatch.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(12), -1);
        batch[16] = RecordBatch.Magic;
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(21), attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), count - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), time);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), time);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), count);
        return Seal(batch);
    }

    /// <summary>Sets the checksum anew, after a change.</summary>
    public static byte[] Seal(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), RecordBatch.Crc32C(batch.AsSpan(21)));
        return batch;
    }

    /// <summary>Sends a batch to a partition as produce version 7 would, and gives error and offset.</summary>
    public static async Task<(ErrorCode Error, long BaseOffset)> SendAsync(RawClient client, string topic, byte[] batch, int partition = 0)
    {
        var response = await client.CallAsync((short)ApiKey.Produce, 7, w =>
        {
            w.WriteString(null); // transactional id
            w.WriteInt16(-1); // acks
            w.WriteInt32(5000); // timeout
            w.WriteArrayLength(1);
            w.WriteString(topic);
            w.WriteArrayLength(1);
            w.WriteInt32(partition);
            w.WriteBytes(batch);
        });
        Assert.NotNull(response);
        var reader = new KafkaReader(response.Value, flexible: false);
        Assert.Equal(1, reader.ReadInt32());
        Assert.Equal(topic, reader.ReadString());
        Assert.Equal(1, reader.ReadInt32());
        Assert.Equal(partition, reader.ReadInt32());
        return ((ErrorCode)reader.ReadInt16(), reader.ReadInt64());
    }

    /// <summary>A producer id, the way a client gets one.</summary>
    public static async Task<long> NewProducerIdAsync(RawClient client)
    {
        while (true)
        {
            var response = await client.CallAsync((short)ApiKey.InitProducerId, 1, w =>
            {
                w.WriteString(null);
                w.WriteInt32(60_000);
            });
            Assert.NotNull(response);
            var reader = new KafkaReader(response.Value, flexible: false);
            reader.ReadInt32(); // throttle time
            if (reader.ReadInt16() == 0)
                return reader.ReadInt64();

            // Apache Kafka is still loading its coordinator just after a start.
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static void WriteVarint(Stream stream, int value)
    {
        var zigzag = (uint)((value << 1) ^ (value >> 31));
        for (; zigzag > 0x7f; zigzag >>= 7)
            stream.WriteByte((byte)(zigzag | 0x80));

        stream.WriteByte((byte)zigzag);
    }
}
