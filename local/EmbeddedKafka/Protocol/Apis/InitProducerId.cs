namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Gives an idempotent producer its id. Flexible from version 2.</summary>
internal static class InitProducerId
{
    public sealed record Request(string? TransactionalId)
    {
        // What follows (timeout; since version 3 the id and epoch held so far) matters to transactions only: without one, a producer gets a new id.
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadNullableString());
    }

    public sealed record Response(ErrorCode Error, long ProducerId, short ProducerEpoch) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteInt32(0); // throttle time
            writer.WriteError(Error);
            writer.WriteInt64(ProducerId);
            writer.WriteInt16(ProducerEpoch);
            writer.WriteTags();
        }
    }
}
