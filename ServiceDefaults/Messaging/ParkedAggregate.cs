namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>An aggregate that stands still because an event of it could not be applied.</summary>
/// <param name="FirstVersion">The version of the first event that went to the dead letter topic.</param>
/// <param name="LastVersion">The version of the last one.</param>
/// <param name="Reason">Why the first one did.</param>
public readonly record struct ParkedAggregate(int FirstVersion, int LastVersion, string Reason);
