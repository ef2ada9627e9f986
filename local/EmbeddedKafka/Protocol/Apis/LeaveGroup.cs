namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Takes members out of a group: themselves, or since version 3 any, which is how tools remove static members.</summary>
internal static class LeaveGroup
{
    public sealed record Request(string GroupId, Member[] Members)
    {
        public static Request Read(ref KafkaReader r, int version) => new(
            r.ReadString(),
            version >= 3
                ? r.ReadArray(static (ref r, _) => new Member(r.ReadString(), r.ReadNullableString()))
                : [new Member(r.ReadString(), null)]);
    }

    public sealed record Member(string MemberId, string? GroupInstanceId);

    public sealed record Response(ErrorCode Error, IReadOnlyList<MemberResult> Members) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 1)
                writer.WriteInt32(0); // throttle time

            if (version < 3)
            {
                // Old versions take out one member and have one place for an error.
                writer.WriteError(Error != ErrorCode.None ? Error : Members[0].Error);
                return;
            }

            writer.WriteError(Error);
            writer.WriteArray(Members, static (w, member) =>
            {
                w.WriteString(member.MemberId);
                w.WriteString(member.GroupInstanceId);
                w.WriteError(member.Error);
            });
        }
    }

    public sealed record MemberResult(string MemberId, string? GroupInstanceId, ErrorCode Error);
}
