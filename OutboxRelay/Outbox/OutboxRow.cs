namespace EventDriven.OutboxRelay.Outbox;

/// <summary>A row of the outbox: an event not yet sent.</summary>
internal sealed record OutboxRow
{
    public required long Sequence { get; init; }
    public required int Shard { get; init; }
    public required Guid Id { get; init; }
    public required string AggregateType { get; init; }
    public required Guid AggregateId { get; init; }
    public required int AggregateVersion { get; init; }
    public required string EventType { get; init; }

    /// <summary>The payload's bytes as they stand in the row.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime CreatedAt { get; init; }
    public string? CorrelationId { get; init; }
    public string? CausationId { get; init; }
    public string? Source { get; init; }
    public string? TraceParent { get; init; }
    public string? TraceState { get; init; }
}
