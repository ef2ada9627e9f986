namespace EventDriven.EmbeddedKafka.Protocol;

/// <summary>The bytes received are not a request of Kafka's protocol. The connection they came over is closed, as Apache Kafka does.</summary>
internal sealed class ProtocolException : Exception
{
    public ProtocolException()
    {
    }

    public ProtocolException(string message) : base(message)
    {
    }

    public ProtocolException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
