namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Stores how far a group has read.</summary>
internal static class OffsetCommit
{
    /// <param name="GenerationId">Negative for a consumer that is in no group generation and only keeps its offsets here.</param>
    public sealed record Request(string GroupId, int GenerationId, string MemberId, string? GroupInstanceId, Topic[] Topics)
    {
        public static Request Read(ref KafkaReader r, int version)
        {
            var groupId = r.ReadString();
            var generationId = r.ReadInt32();
            var memberId = r.ReadString();
            var instanceId = version >= 7 ? r.ReadNullableString() : null;
            if (version <= 4)
                r.ReadInt64(); // retention time: the broker's own applies

            return new(groupId, generationId, memberId, instanceId, r.ReadArray(ReadTopic, version));
        }

        private static Topic ReadTopic(ref KafkaReader r, int version) => new(r.ReadString(), r.ReadArray(ReadPartition, version));

        private static Partition ReadPartition(ref KafkaReader r, int version) =>
            new(r.ReadInt32(), r.ReadInt64(), version >= 6 ? r.ReadInt32() : -1, r.ReadNullableString());
    }

    public sealed record Topic(string Name, Partition[] Partitions);

    public sealed record Partition(int Index, long Offset, int LeaderEpoch, string? Metadata);

    public sealed record Response(IReadOnlyList<TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 3)
                writer.WriteInt32(0); // throttle time

            writer.WriteArray(Topics, static (w, topic) =>
            {
                w.WriteString(topic.Name);
                w.WriteArray(topic.Partitions, static (w, partition) =>
                {
                    w.WriteInt32(partition.Index);
                    w.WriteError(partition.Error);
                });
            });
        }
    }

    public sealed record TopicResult(string Name, IReadOnlyList<PartitionResult> Partitions);

    public sealed record PartitionResult(int Index, ErrorCode Error);
}
