namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Creates topics.</summary>
internal static class CreateTopics
{
    public sealed record Request(Topic[] Topics, bool ValidateOnly)
    {
        public static Request Read(ref KafkaReader r, int version)
        {
            var topics = r.ReadArray(ReadTopic);
            r.ReadInt32(); // timeout: creation takes milliseconds
            return new(topics, version >= 1 && r.ReadBool());
        }

        private static Topic ReadTopic(ref KafkaReader r, int version) => new(
            r.ReadString(),
            r.ReadInt32(),
            r.ReadInt16(),
            r.ReadArray(static (ref r, _) => new Assignment(r.ReadInt32(), r.ReadInt32Array())),
            r.ReadArray(static (ref r, _) => new Config(r.ReadString(), r.ReadNullableString())));
    }

    /// <param name="Partitions">-1 for the broker's default, or when <paramref name="Assignments"/> tells.</param>
    /// <param name="ReplicationFactor">-1 for the broker's default, which is 1 like everything it can be.</param>
    public sealed record Topic(string Name, int Partitions, short ReplicationFactor, Assignment[] Assignments, Config[] Configs);

    public sealed record Assignment(int Partition, int[] BrokerIds);

    public sealed record Config(string Name, string? Value);

    public sealed record Response(IReadOnlyList<TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 2)
                writer.WriteInt32(0); // throttle time

            writer.WriteArray(Topics, (w, topic) =>
            {
                w.WriteString(topic.Name);
                w.WriteError(topic.Error);
                if (version >= 1)
                    w.WriteString(topic.Message);
            });
        }
    }

    public sealed record TopicResult(string Name, ErrorCode Error, string? Message);
}
