namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Would show access rules. Refused: there is no authorizer.</summary>
internal static class DescribeAcls
{
    public sealed record Request
    {
        public static Request Read(ref KafkaReader r, int version) => new();
    }

    public sealed record Response : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteInt32(0); // throttle time
            writer.WriteError(ErrorCode.SecurityDisabled);
            writer.WriteString(Refusal.NoAuthorizer);
            writer.WriteArrayLength(0); // rules found
        }
    }
}
