namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>An event that can never be applied: it goes to the dead letter topic without a retry.</summary>
/// <param name="incoming">The event.</param>
/// <param name="reason">Why, in one line.</param>
public sealed class PoisonEventException(IncomingEvent incoming, string reason) : Exception(reason)
{
    /// <summary>The event.</summary>
    public IncomingEvent Incoming { get; } = incoming;
}
