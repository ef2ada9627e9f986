namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Shows the state and members of groups.</summary>
internal static class DescribeGroups
{
    public sealed record Request(string[] GroupIds)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadStringArray());
    }

    public sealed record Response(IReadOnlyList<GroupResult> Groups) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 1)
                writer.WriteInt32(0); // throttle time
            writer.WriteArray(Groups, (w, group) => WriteGroup(w, group, version));
        }

        private static void WriteGroup(KafkaWriter w, GroupResult group, int version)
        {
            w.WriteError(group.Error);
            w.WriteString(group.GroupId);
            w.WriteString(group.State);
            w.WriteString(group.ProtocolType);
            w.WriteString(group.Protocol);
            w.WriteArray(group.Members, (w, member) =>
            {
                w.WriteString(member.MemberId);
                if (version >= 4)
                    w.WriteString(member.GroupInstanceId);
                w.WriteString(member.ClientId);
                w.WriteString(member.ClientHost);
                w.WriteBytes(member.Metadata);
                w.WriteBytes(member.Assignment);
            });
            if (version >= 3)
                w.WriteInt32(int.MinValue); // authorized operations: not known without an authorizer
        }
    }

    public sealed record GroupResult(
        ErrorCode Error, string GroupId, string State, string ProtocolType, string Protocol, IReadOnlyList<MemberResult> Members);

    public sealed record MemberResult(
        string MemberId, string? GroupInstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);
}
