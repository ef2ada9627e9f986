namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Tells which brokers and topics there are.</summary>
internal static class Metadata
{
    private const int NoAuthorizedOperations = int.MinValue;

    /// <param name="Topics">Null for all topics.</param>
    public sealed record Request(string[]? Topics)
    {
        public static Request Read(ref KafkaReader r, int version)
        {
            var topics = r.ReadNullableArray(static (ref r, _) => r.ReadString());

            // Version 0 cannot say "none": there, an empty list asks for all. Topics are never made on the way, whatever the rest asks.
            return new(version == 0 && topics is { Length: 0 } ? null : topics);
        }
    }

    public sealed record Response(int NodeId, string Host, int Port, string ClusterId, IReadOnlyList<TopicResult> Topics) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 3)
                writer.WriteInt32(0); // throttle time

            writer.WriteArrayLength(1);
            writer.WriteInt32(NodeId);
            writer.WriteString(Host);
            writer.WriteInt32(Port);
            if (version >= 1)
                writer.WriteString(null); // rack
            if (version >= 2)
                writer.WriteString(ClusterId);
            if (version >= 1)
                writer.WriteInt32(NodeId); // controller

            writer.WriteArray(Topics, (w, topic) => WriteTopic(w, topic, version));
            if (version >= 8)
                writer.WriteInt32(NoAuthorizedOperations);
        }

        private void WriteTopic(KafkaWriter w, TopicResult topic, int version)
        {
            w.WriteError(topic.Error);
            w.WriteString(topic.Name);
            if (version >= 1)
                w.WriteBool(false); // internal

            w.WriteArrayLength(topic.Partitions);
            for (var partition = 0; partition < topic.Partitions; partition++)
            {
                w.WriteError(ErrorCode.None);
                w.WriteInt32(partition);
                w.WriteInt32(NodeId); // leader
                if (version >= 7)
                    w.WriteInt32(topic.LeaderEpoch);
                w.WriteInt32Array(NodeId); // replicas
                w.WriteInt32Array(NodeId); // replicas in sync
                if (version >= 5)
                    w.WriteInt32Array(); // replicas offline
            }

            if (version >= 8)
                w.WriteInt32(NoAuthorizedOperations);
        }
    }

    public sealed record TopicResult(ErrorCode Error, string Name, int Partitions, int LeaderEpoch);
}
