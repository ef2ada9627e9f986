namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Finds an offset by time, or the earliest or latest.</summary>
internal static class ListOffsets
{
    public const long Latest = -1;
    public const long Earliest = -2;

    public sealed record Request(Topic[] Topics)
    {
        public static Request Read(ref KafkaReader r, int version)
        {
            r.ReadInt32(); // replica id
            if (version >= 2)
                r.ReadInt8(); // isolation level: without transactions, both see the same

            return new(r.ReadArray(ReadTopic, version));
        }

        private static Topic ReadTopic(ref KafkaReader r, int version) => new(r.ReadString(), r.ReadArray(ReadPartition, version));

        private static Partition ReadPartition(ref KafkaReader r, int version) =>
            new(r.ReadInt32(), version >= 4 ? r.ReadInt32() : -1, r.ReadInt64());
    }

    public sealed record Topic(string Name, Partition[] Partitions);

    /// <param name="Timestamp">Milliseconds since 1970, or <see cref="Latest"/>, or <see cref="Earliest"/>.</param>
    public sealed record Partition(int Index, int CurrentLeaderEpoch, long Timestamp);

    public sealed record Response(IReadOnlyList<TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 2)
                writer.WriteInt32(0); // throttle time

            writer.WriteArray(Topics, (w, topic) =>
            {
                w.WriteString(topic.Name);
                w.WriteArray(topic.Partitions, (w, partition) =>
                {
                    w.WriteInt32(partition.Index);
                    w.WriteError(partition.Error);
                    w.WriteInt64(partition.Timestamp);
                    w.WriteInt64(partition.Offset);
                    if (version >= 4)
                        w.WriteInt32(partition.LeaderEpoch);
                });
            });
        }
    }

    public sealed record TopicResult(string Name, IReadOnlyList<PartitionResult> Partitions);

    public sealed record PartitionResult(int Index, ErrorCode Error, long Timestamp, long Offset, int LeaderEpoch);
}
