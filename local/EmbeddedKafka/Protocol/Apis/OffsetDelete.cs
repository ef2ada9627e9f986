namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Deletes what a group committed for partitions that none of its members reads any more.</summary>
internal static class OffsetDelete
{
    public sealed record Request(string GroupId, Topic[] Topics)
    {
        public static Request Read(ref KafkaReader r, int version) =>
            new(r.ReadString(), r.ReadArray(static (ref r, _) => new Topic(r.ReadString(), r.ReadInt32Array())));
    }

    public sealed record Topic(string Name, int[] Partitions);

    public sealed record Response(ErrorCode Error, IReadOnlyList<OffsetCommit.TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteError(Error);
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
}
