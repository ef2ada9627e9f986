namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Tells which requests are answered, in which versions. Flexible from version 3, except for the response's header.</summary>
internal static class ApiVersions
{
    public sealed record Request
    {
        // Version 3 names the client's software, which changes nothing here.
        public static Request Read(ref KafkaReader r, int version) => new();
    }

    public sealed record Response(ErrorCode Error, IReadOnlyCollection<Range> Ranges) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteError(Error);
            writer.WriteArray(Ranges, static (w, range) =>
            {
                w.WriteInt16((short)range.ApiKey);
                w.WriteInt16(range.MinVersion);
                w.WriteInt16(range.MaxVersion);
                w.WriteTags();
            });
            if (version >= 1)
                writer.WriteInt32(0); // throttle time
            writer.WriteTags();
        }
    }

    public sealed record Range(ApiKey ApiKey, short MinVersion, short MaxVersion);
}
