using EventDriven.EmbeddedKafka.Storage;

namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Reads record batches from partitions, waiting for them when there are none yet.</summary>
internal static class Fetch
{
    public sealed record Request(int MaxWaitMs, int MinBytes, int MaxBytes, bool ReadCommitted, int SessionId, Topic[] Topics)
    {
        public static Request Read(ref KafkaReader r, int version)
        {
            r.ReadInt32(); // replica id: there are no other brokers to fetch
            var maxWaitMs = r.ReadInt32();
            var minBytes = r.ReadInt32();
            var maxBytes = r.ReadInt32();
            var readCommitted = r.ReadInt8() == 1;
            var sessionId = 0;
            if (version >= 7)
            {
                sessionId = r.ReadInt32();
                r.ReadInt32(); // session epoch
            }

            // What follows (topics forgotten by the session, rack) has no meaning without sessions and racks.
            return new(maxWaitMs, minBytes, maxBytes, readCommitted, sessionId, r.ReadArray(ReadTopic, version));
        }

        private static Topic ReadTopic(ref KafkaReader r, int version) => new(r.ReadString(), r.ReadArray(ReadPartition, version));

        private static Partition ReadPartition(ref KafkaReader r, int version)
        {
            var index = r.ReadInt32();
            var leaderEpoch = version >= 9 ? r.ReadInt32() : -1;
            var offset = r.ReadInt64();
            if (version >= 5)
                r.ReadInt64(); // the follower's log start offset

            return new(index, leaderEpoch, offset, r.ReadInt32());
        }
    }

    public sealed record Topic(string Name, Partition[] Partitions);

    public sealed record Partition(int Index, int CurrentLeaderEpoch, long Offset, int MaxBytes);

    /// <summary>The session id is always zero: no session was made, the client goes on sending full requests (KIP-227).</summary>
    public sealed record Response(ErrorCode Error, bool ReadCommitted, IReadOnlyList<TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteInt32(0); // throttle time
            if (version >= 7)
            {
                writer.WriteError(Error);
                writer.WriteInt32(0); // session id
            }

            writer.WriteArray(Topics, (w, topic) =>
            {
                w.WriteString(topic.Name);
                w.WriteArray(topic.Partitions, (w, partition) => WritePartition(w, partition, version));
            });
        }

        private void WritePartition(KafkaWriter w, PartitionResult partition, int version)
        {
            w.WriteInt32(partition.Index);
            w.WriteError(partition.Error);
            w.WriteInt64(partition.HighWatermark);
            w.WriteInt64(partition.HighWatermark); // last stable offset: without transactions, everything is stable
            if (version >= 5)
                w.WriteInt64(partition.LogStartOffset);
            w.WriteArrayLength(ReadCommitted ? 0 : null); // aborted transactions
            if (version >= 11)
                w.WriteInt32(-1); // preferred read replica
            w.WriteRecords(partition.Records);
        }
    }

    public sealed record TopicResult(string Name, IReadOnlyList<PartitionResult> Partitions);

    public sealed record PartitionResult(int Index, ErrorCode Error, long HighWatermark, long LogStartOffset, LogSlice? Records);
}
