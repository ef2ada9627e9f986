namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Names an aggregate.</summary>
/// <param name="Type">Its type, in kebab-case.</param>
/// <param name="Id">Its id.</param>
public readonly record struct AggregateKey(string Type, Guid Id);
