namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>The handler failed for a reason that is its own or its events', not the database's or the broker's.</summary>
internal sealed class HandlerFailedException(Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Whether another attempt cannot end differently.</summary>
    public bool Permanent => DatabaseErrors.IsData(InnerException!);
}
