namespace EventDriven.Contracts;

/// <summary>
/// Names of the headers of a domain event. Every event carries all of them in the order of <see cref="InOrder"/>;
/// one without a value has a null value, because Debezium's EventRouter cannot leave a header out and both senders must write the same bytes.
/// </summary>
public static class EventHeaders
{
    /// <summary>The event's id, a UUIDv7 in text.</summary>
    public const string Id = "id";

    /// <summary>The event's type, such as <c>OrderCreated</c>.</summary>
    public const string EventType = "eventType";

    /// <summary>The aggregate's type, one of <see cref="AggregateTypes.All"/>.</summary>
    public const string AggregateType = "aggregateType";

    /// <summary>The aggregate's version after this event: 1 for its first, then rising by one; decimal digits.</summary>
    public const string AggregateVersion = "aggregateVersion";

    /// <summary>What the whole chain of events belongs to.</summary>
    public const string CorrelationId = "correlationId";

    /// <summary>The command or event that caused this one.</summary>
    public const string CausationId = "causationId";

    /// <summary>The service that wrote the event.</summary>
    public const string Source = "source";

    /// <summary>W3C trace context: the parent of the spans that handle the event.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>W3C trace state.</summary>
    public const string TraceState = "tracestate";

    /// <summary>All headers, in the order in which they stand in a record.</summary>
    public static readonly IReadOnlyList<string> InOrder =
        [Id, EventType, AggregateType, AggregateVersion, CorrelationId, CausationId, Source, TraceParent, TraceState];
}
