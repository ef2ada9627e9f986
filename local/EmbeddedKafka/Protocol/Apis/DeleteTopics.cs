namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Deletes topics with all their records.</summary>
internal static class DeleteTopics
{
    public sealed record Request(string[] Topics)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadStringArray());
    }

    public sealed record Response(IReadOnlyList<(string Name, ErrorCode Error)> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 1)
                writer.WriteInt32(0); // throttle time

            writer.WriteArray(Topics, static (w, topic) =>
            {
                w.WriteString(topic.Name);
                w.WriteError(topic.Error);
            });
        }
    }
}
