namespace EventDriven.EmbeddedKafka.Server;

/// <summary>What this broker says of itself.</summary>
internal sealed record BrokerIdentity(string Host, int Port, string ClusterId)
{
    /// <summary>The id of the only node.</summary>
    public const int NodeId = 1;
}
