namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Lists the groups. Flexible from version 3.</summary>
internal static class ListGroups
{
    /// <summary>The only type of group here (the other is KIP-848's "consumer").</summary>
    public const string Classic = "classic";

    /// <param name="States">Only groups in these states; empty for all.</param>
    /// <param name="Types">Only groups of these types; empty for all.</param>
    public sealed record Request(string[] States, string[] Types)
    {
        public static Request Read(ref KafkaReader r, int version) =>
            new(version >= 4 ? r.ReadStringArray() : [], version >= 5 ? r.ReadStringArray() : []);
    }

    public sealed record Response(IReadOnlyList<GroupResult> Groups) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            if (version >= 1)
                writer.WriteInt32(0); // throttle time
            writer.WriteError(ErrorCode.None);
            writer.WriteArray(Groups, (w, group) =>
            {
                w.WriteString(group.GroupId);
                w.WriteString(group.ProtocolType);
                if (version >= 4)
                    w.WriteString(group.State);
                if (version >= 5)
                    w.WriteString(Classic);
                w.WriteTags();
            });
            writer.WriteTags();
        }
    }

    public sealed record GroupResult(string GroupId, string ProtocolType, string State);
}
