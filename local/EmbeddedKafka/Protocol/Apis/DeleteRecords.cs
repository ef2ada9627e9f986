namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Deletes all records before an offset.</summary>
internal static class DeleteRecords
{
    public sealed record Request(Topic[] Topics)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadArray(ReadTopic));

        private static Topic ReadTopic(ref KafkaReader r, int version) =>
            new(r.ReadString(), r.ReadArray(static (ref r, _) => new Partition(r.ReadInt32(), r.ReadInt64())));
    }

    public sealed record Topic(string Name, Partition[] Partitions);

    /// <param name="Offset">The first record to keep; -1 to keep none.</param>
    public sealed record Partition(int Index, long Offset);

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
                    w.WriteInt32(partition.Index);
                    w.WriteInt64(partition.LowWatermark);
                    w.WriteError(partition.Error);
                });
            });
        }
    }

    public sealed record TopicResult(string Name, IReadOnlyList<PartitionResult> Partitions);

    public sealed record PartitionResult(int Index, long LowWatermark, ErrorCode Error);
}
