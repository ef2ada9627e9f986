namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Keeps a member in its group, and tells it of a rebalance.</summary>
internal static class Heartbeat
{
    public sealed record Request(string GroupId, int GenerationId, string MemberId, string? GroupInstanceId)
    {
        public static Request Read(ref KafkaReader r, int version) =>
            new(r.ReadString(), r.ReadInt32(), r.ReadString(), version >= 3 ? r.ReadNullableString() : null);
    }

    public sealed record Response(ErrorCode Error) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 1)
                writer.WriteInt32(0); // throttle time
            writer.WriteError(Error);
        }
    }
}
