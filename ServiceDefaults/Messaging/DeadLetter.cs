namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>A record for the dead letter topic.</summary>
/// <param name="Record">The record.</param>
/// <param name="Reason">Why, in one line.</param>
internal readonly record struct DeadLetter(IncomingRecord Record, string Reason);
