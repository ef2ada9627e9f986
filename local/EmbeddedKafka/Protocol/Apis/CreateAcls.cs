namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Would add access rules. Refused: there is no authorizer.</summary>
internal static class CreateAcls
{
    public sealed record Request(int Count)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadArray(ReadRule, version).Length);

        private static bool ReadRule(ref KafkaReader r, int version)
        {
            r.ReadInt8(); // resource type
            r.ReadString(); // resource name
            if (version >= 1)
                r.ReadInt8(); // pattern type
            r.ReadString(); // principal
            r.ReadString(); // host
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
            }
        }
    }
}
