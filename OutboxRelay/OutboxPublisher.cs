namespace EventDriven.OutboxRelay;

/// <summary>Who publishes the outbox; the setting <c>Outbox:Publisher</c>. Never both.</summary>
public enum OutboxPublisher
{
    /// <summary>This relay.</summary>
    Relay,

    /// <summary>Debezium's EventRouter; the relay publishes nothing.</summary>
    Debezium,
}
