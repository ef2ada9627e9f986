namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Appends record batches to partitions.</summary>
internal static class Produce
{
    /// <param name="TransactionalId">Since version 3. Versions before it carry message formats that are no longer kept, and none of this broker's batches.</param>
    /// <param name="Acks">0: no response; 1 and -1 (all): the same with one broker.</param>
    public sealed record Request(string? TransactionalId, short Acks, Topic[] Topics)
    {
        public static Request Read(ref KafkaReader r, int version)
        {
            var transactionalId = version >= 3 ? r.ReadNullableString() : null;
            var acks = r.ReadInt16();
            r.ReadInt32(); // The timeout bounds waiting for other replicas, of which there are none.
            return new(transactionalId, acks, r.ReadArray(ReadTopic));
        }

        private static Topic ReadTopic(ref KafkaReader r, int version) => new(r.ReadString(), r.ReadArray(ReadPartition));

        private static Partition ReadPartition(ref KafkaReader r, int version) => new(r.ReadInt32(), r.ReadNullableBytes() ?? default);
    }

    public sealed record Topic(string Name, Partition[] Partitions);

    /// <param name="Records">Bytes within the request's own buffer.</param>
    public sealed record Partition(int Index, ReadOnlyMemory<byte> Records);

    public sealed record Response(IReadOnlyList<TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteArray(Topics, (w, topic) =>
            {
                w.WriteString(topic.Name);
                w.WriteArray(topic.Partitions, (w, partition) => WritePartition(w, partition, version));
            });
            if (version >= 1)
                writer.WriteInt32(0); // throttle time
        }

        private static void WritePartition(KafkaWriter w, PartitionResult partition, int version)
        {
            w.WriteInt32(partition.Index);
            w.WriteError(partition.Error);
            w.WriteInt64(partition.BaseOffset);
            if (version >= 2)
                w.WriteInt64(-1); // log append time: records keep the producer's time
            if (version >= 5)
                w.WriteInt64(partition.LogStartOffset);
            if (version >= 8)
            {
                w.WriteArrayLength(0); // errors of single records
                w.WriteString(partition.Message);
            }
        }
    }

    public sealed record TopicResult(string Name, IReadOnlyList<PartitionResult> Partitions);

    public sealed record PartitionResult(int Index, ErrorCode Error, long BaseOffset, long LogStartOffset, string? Message);
}
