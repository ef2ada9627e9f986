namespace EventDriven.OutboxRelay;

/// <summary>A batch was not acknowledged for a reason that will pass; its rows stay in the outbox.</summary>
internal sealed class SendFailedException(string reason) : Exception(reason);
