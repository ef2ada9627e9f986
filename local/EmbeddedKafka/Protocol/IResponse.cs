namespace EventDriven.EmbeddedKafka.Protocol;

/// <summary>What is sent back for a request.</summary>
internal interface IResponse
{
    /// <summary>Writes the body in the request's version.</summary>
    void Write(KafkaWriter writer, int version);
}
