namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Makes a consumer a member of the group's next generation.</summary>
internal static class JoinGroup
{
    public sealed record Request(
        string GroupId,
        int SessionTimeoutMs,
        int RebalanceTimeoutMs,
        string MemberId,
        string? GroupInstanceId,
        string ProtocolType,
        Protocol[] Protocols,
        bool MustKnowMemberId)
    {
        public static Request Read(ref KafkaReader r, int version)
        {
            var groupId = r.ReadString();
            var sessionTimeoutMs = r.ReadInt32();
            return new(
                groupId,
                sessionTimeoutMs,
                version >= 1 ? r.ReadInt32() : sessionTimeoutMs,
                r.ReadString(),
                version >= 5 ? r.ReadNullableString() : null,
                r.ReadString(),
                r.ReadArray(static (ref r, _) => new Protocol(r.ReadString(), r.ReadBytes().ToArray())),
                MustKnowMemberId: version >= 4); // KIP-394: join again with the id given, so that lost answers leave no ghosts
        }
    }

    /// <param name="Metadata">What the member tells the leader, in a format only clients know.</param>
    public sealed record Protocol(string Name, byte[] Metadata);

    /// <param name="Members">For the leader only, who assigns the partitions.</param>
    public sealed record Response(
        ErrorCode Error, int GenerationId, string ProtocolName, string LeaderId, string MemberId, IReadOnlyList<MemberMetadata> Members) : IResponse
    {
        public static Response Failed(ErrorCode error, string memberId) => new(error, -1, "", "", memberId, []);

        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 2)
                writer.WriteInt32(0); // throttle time
            writer.WriteError(Error);
            writer.WriteInt32(GenerationId);
            writer.WriteString(ProtocolName);
            writer.WriteString(LeaderId);
            writer.WriteString(MemberId);
            writer.WriteArray(Members, (w, member) =>
            {
                w.WriteString(member.MemberId);
                if (version >= 5)
                    w.WriteString(member.GroupInstanceId);
                w.WriteBytes(member.Metadata);
            });
        }
    }

    public sealed record MemberMetadata(string MemberId, string? GroupInstanceId, byte[] Metadata);
}
