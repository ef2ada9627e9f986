namespace EventDriven.ServiceDefaults.Outbox;

/// <summary>What the events of a transaction belong to.</summary>
/// <param name="CorrelationId">The whole chain; where none is given, the trace or else the first event's id stands for it. At most 128 characters.</param>
/// <param name="CausationId">The command or event that caused them. At most 128 characters.</param>
public sealed record EventContext(string? CorrelationId = null, string? CausationId = null);
