using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// What a partition remembers of its idempotent producers, so that a batch sent twice is stored once and none goes missing
/// between two (KIP-98). Not thread-safe: used under the log's lock.
/// </summary>
internal sealed class ProducerStates
{
    /// <summary>A producer may have five requests under way, so any of its last five batches may come again.</summary>
    public const int RememberedBatches = 5;

    /// <summary>How long an idle producer is remembered, as in Apache Kafka (<c>producer.id.expiration.ms</c>).</summary>
    public static readonly TimeSpan Expiration = TimeSpan.FromDays(1);

    private const uint FileMagic = 0x454B5053; // "EKPS"

    private readonly Dictionary<long, Producer> _producers = [];

    public int Count => _producers.Count;

    /// <summary>Tells whether a batch may be appended. A duplicate is one of the last five: it is answered with the offset it got then.</summary>
    public (ErrorCode Error, long? DuplicateOffset) Check(in RecordBatch batch)
    {
        if (!batch.HasProducerId || !_producers.TryGetValue(batch.ProducerId, out var producer))
        {
            // Of an unknown producer any sequence is taken: its state may have expired, or its records been deleted (KIP-360).
            return (ErrorCode.None, null);
        }

        if (batch.ProducerEpoch < producer.Epoch)
            return (ErrorCode.InvalidProducerEpoch, null);

        if (batch.ProducerEpoch > producer.Epoch)
            return (batch.BaseSequence == 0 ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber, null);

        foreach (var known in producer.Batches)
        {
            if (known.FirstSequence == batch.BaseSequence && known.LastSequence == batch.LastSequence)
                return (ErrorCode.None, known.BaseOffset);
        }

        var expected = (producer.Batches[^1].LastSequence + 1) & int.MaxValue;
        return (batch.BaseSequence == expected ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber, null);
    }

    /// <summary>Notes a batch that has been appended.</summary>
    public void Update(in RecordBatch batch)
    {
        if (!batch.HasProducerId)
            return;

        if (!_producers.TryGetValue(batch.ProducerId, out var producer))
            _producers[batch.ProducerId] = producer = new();

        if (producer.Epoch != batch.ProducerEpoch)
        {
            producer.Epoch = batch.ProducerEpoch;
            producer.Batches.Clear();
        }

        if (producer.Batches.Count == RememberedBatches)
            producer.Batches.RemoveAt(0);

        producer.Batches.Add(new(batch.BaseSequence, batch.LastSequence, batch.BaseOffset));
        producer.LastTimestamp = Math.Max(producer.LastTimestamp, batch.MaxTimestamp);
    }

    /// <summary>Forgets producers that have sent nothing for <see cref="Expiration"/>.</summary>
    public void Expire(DateTimeOffset now)
    {
        var oldest = (now - Expiration).ToUnixTimeMilliseconds();
        foreach (var id in _producers.Where(p => p.Value.LastTimestamp < oldest).Select(p => p.Key).ToList())
            _producers.Remove(id);
    }

    public void Save(string path)
    {
        using var writer = new KafkaWriter();
        writer.WriteInt32(unchecked((int)FileMagic));
        writer.WriteInt32(0); // checksum, below
        writer.WriteArray(_producers, static (w, p) =>
        {
            w.WriteInt64(p.Key);
            w.WriteInt16(p.Value.Epoch);
            w.WriteInt64(p.Value.LastTimestamp);
            w.WriteArray(p.Value.Batches, static (w, batch) =>
            {
                w.WriteInt32(batch.FirstSequence);
                w.WriteInt32(batch.LastSequence);
                w.WriteInt64(batch.BaseOffset);
            });
        });
        writer.PatchInt32(4, unchecked((int)RecordBatch.Crc32C(writer.Written.Span[8..])));
        File.WriteAllBytes(path, writer.Written.Span);
    }

    /// <summary>False when the file is damaged; nothing is remembered then.</summary>
    public bool TryLoad(string path)
    {
        _producers.Clear();
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 12
            || BinaryPrimitives.ReadUInt32BigEndian(bytes) != FileMagic
            || BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)) != RecordBatch.Crc32C(bytes.AsSpan(8)))
        {
            return false;
        }

        var reader = new KafkaReader(bytes.AsMemory(8), flexible: false);
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var id = reader.ReadInt64();
            var producer = new Producer { Epoch = reader.ReadInt16(), LastTimestamp = reader.ReadInt64() };
            producer.Batches.AddRange(reader.ReadArray(static (ref r, _) => new Batch(r.ReadInt32(), r.ReadInt32(), r.ReadInt64())));
            _producers[id] = producer;
        }

        return true;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Batch(int FirstSequence, int LastSequence, long BaseOffset);

    private sealed class Producer
    {
        public short Epoch { get; set; } = -1;

        public long LastTimestamp { get; set; }

        /// <summary>Oldest first, never empty once noted.</summary>
        public List<Batch> Batches { get; } = new(RememberedBatches);
    }
}
