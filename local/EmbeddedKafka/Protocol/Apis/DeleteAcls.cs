namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Would remove access rules. Refused: there is no authorizer.</summary>
internal static class DeleteAcls
{
    public sealed record Request(int Count)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadArray(ReadFilter, version).Length);

        private static bool ReadFilter(ref KafkaReader r, int version)
        {
            r.ReadInt8(); // resource type
            r.ReadNullableString(); // resource name
            if (version >= 1)
                r.ReadInt8(); // pattern type
            r.ReadNullableString(); // principal
            r.ReadNullableString(); // host
            r.ReadInt8(); // operation
            r.ReadInt8(); // permission
            return true;
        }
    }

    public sealed record Response(int Count) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteInt32(0); // throttle time
            writer.WriteArrayLength(Count);
            for (var i = 0; i < Count; i++)
            {
                writer.WriteError(ErrorCode.SecurityDisabled);
                writer.WriteString(Refusal.NoAuthorizer);
                writer.WriteArrayLength(0); // rules removed
            }
        }
    }
}
