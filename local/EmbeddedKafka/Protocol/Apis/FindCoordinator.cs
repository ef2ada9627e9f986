namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Tells which broker coordinates a group. With one broker: this one.</summary>
internal static class FindCoordinator
{
    /// <summary>The key type of a group, as opposed to a transaction.</summary>
    public const sbyte Group = 0;

    public sealed record Request(string Key, sbyte KeyType)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadString(), version >= 1 ? r.ReadInt8() : Group);
    }

    public sealed record Response(ErrorCode Error, string? Message, int NodeId, string Host, int Port) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 1)
                writer.WriteInt32(0); // throttle time
            writer.WriteError(Error);
            if (version >= 1)
                writer.WriteString(Message);
            writer.WriteInt32(NodeId);
            writer.WriteString(Host);
            writer.WriteInt32(Port);
        }
    }
}
