namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Adds partitions to topics.</summary>
internal static class CreatePartitions
{
    public sealed record Request(Topic[] Topics, bool ValidateOnly)
    {
        public static Request Read(ref KafkaReader r, int version)
        {
            var topics = r.ReadArray(ReadTopic);
            r.ReadInt32(); // timeout
            return new(topics, r.ReadBool());
        }

        private static Topic ReadTopic(ref KafkaReader r, int version) =>
            new(r.ReadString(), r.ReadInt32(), r.ReadNullableArray(static (ref r, _) => r.ReadInt32Array()));
    }

    /// <param name="Count">How many there shall be afterwards.</param>
    /// <param name="Assignments">The brokers of each new partition; null to leave it to the broker.</param>
    public sealed record Topic(string Name, int Count, int[][]? Assignments);

    public sealed record Response(IReadOnlyList<CreateTopics.TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteInt32(0); // throttle time
            writer.WriteArray(Topics, static (w, topic) =>
            {
                w.WriteString(topic.Name);
                w.WriteError(topic.Error);
                w.WriteString(topic.Message);
            });
        }
    }
}
