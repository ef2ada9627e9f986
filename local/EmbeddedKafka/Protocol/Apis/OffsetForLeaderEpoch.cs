namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Tells where a leader epoch ended, by which clients notice a log that was truncated (KIP-320).</summary>
internal static class OffsetForLeaderEpoch
{
    public sealed record Request(Topic[] Topics)
    {
        public static Request Read(ref KafkaReader r, int version)
        {
            if (version >= 3)
                r.ReadInt32(); // replica id

            return new(r.ReadArray(ReadTopic));
        }

        private static Topic ReadTopic(ref KafkaReader r, int version) =>
            new(r.ReadString(), r.ReadArray(static (ref r, _) => new Partition(r.ReadInt32(), r.ReadInt32(), r.ReadInt32())));
    }

    public sealed record Topic(string Name, Partition[] Partitions);

    public sealed record Partition(int Index, int CurrentLeaderEpoch, int LeaderEpoch);

    public sealed record Response(IReadOnlyList<TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteInt32(0); // throttle time
            writer.WriteArray(Topics, static (w, topic) =>
            {
                w.WriteString(topic.Name);
                w.WriteArray(topic.Partitions, static (w, partition) =>
                {
                    w.WriteError(partition.Error);
                    w.WriteInt32(partition.Index);
                    w.WriteInt32(partition.LeaderEpoch);
                    w.WriteInt64(partition.EndOffset);
                });
            });
        }
    }

    public sealed record TopicResult(string Name, IReadOnlyList<PartitionResult> Partitions);

    public sealed record PartitionResult(int Index, ErrorCode Error, int LeaderEpoch, long EndOffset);
}
