namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Tells how far a group has read.</summary>
internal static class OffsetFetch
{
    /// <summary>Given for a partition the group has committed nothing of.</summary>
    public const long NoOffset = -1;

    /// <param name="Topics">Null, since version 2, for all partitions the group has committed.</param>
    public sealed record Request(string GroupId, Topic[]? Topics)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadString(), r.ReadNullableArray(ReadTopic));

        private static Topic ReadTopic(ref KafkaReader r, int version) => new(r.ReadString(), r.ReadInt32Array());
    }

    public sealed record Topic(string Name, int[] Partitions);

    public sealed record Response(IReadOnlyList<TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 3)
                writer.WriteInt32(0); // throttle time

            writer.WriteArray(Topics, (w, topic) =>
            {
                w.WriteString(topic.Name);
                w.WriteArray(topic.Partitions, (w, partition) =>
                {
                    w.WriteInt32(partition.Index);
                    w.WriteInt64(partition.Offset);
                    if (version >= 5)
                        w.WriteInt32(partition.LeaderEpoch);
                    w.WriteString(partition.Metadata);
                    w.WriteError(ErrorCode.None);
                });
            });
            if (version >= 2)
                writer.WriteError(ErrorCode.None);
        }
    }

    public sealed record TopicResult(string Name, IReadOnlyList<PartitionResult> Partitions);

    public sealed record PartitionResult(int Index, long Offset, int LeaderEpoch, string? Metadata);
}
