namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Deletes groups without members, and what they committed.</summary>
internal static class DeleteGroups
{
    public sealed record Request(string[] GroupIds)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadStringArray());
    }

    public sealed record Response(IReadOnlyList<(string GroupId, ErrorCode Error)> Results) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteInt32(0); // throttle time
            writer.WriteArray(Results, static (w, result) =>
            {
                w.WriteString(result.GroupId);
                w.WriteError(result.Error);
            });
        }
    }
}
