namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Hands in the leader's assignment, and hands out each member's part of it.</summary>
internal static class SyncGroup
{
    public sealed record Request(string GroupId, int GenerationId, string MemberId, string? GroupInstanceId, Assignment[] Assignments)
    {
        public static Request Read(ref KafkaReader r, int version) => new(
            r.ReadString(),
            r.ReadInt32(),
            r.ReadString(),
            version >= 3 ? r.ReadNullableString() : null,
            r.ReadArray(static (ref r, _) => new Assignment(r.ReadString(), r.ReadBytes().ToArray())));
    }

    public sealed record Assignment(string MemberId, byte[] Bytes);

    public sealed record Response(ErrorCode Error, byte[] Assignment) : IResponse
    {
        public static Response Failed(ErrorCode error) => new(error, []);

        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 1)
                writer.WriteInt32(0); // throttle time
            writer.WriteError(Error);
            writer.WriteBytes(Assignment);
        }
    }
}
