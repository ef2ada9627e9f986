namespace EventDriven.AppHost;

/// <summary>Who publishes the outbox: the setting <c>Outbox:Publisher</c>. Never both.</summary>
internal enum OutboxPublisher
{
    /// <summary>The relay.</summary>
    Relay,

    /// <summary>Debezium's EventRouter; the relay's process removes what it published.</summary>
    Debezium,
}
