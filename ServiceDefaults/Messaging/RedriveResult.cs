namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>What a redrive did.</summary>
/// <param name="Read">Dead letters of this group that were read.</param>
/// <param name="Applied">Applied.</param>
/// <param name="Duplicates">Dropped, because they had been applied in the meantime.</param>
/// <param name="Parked">Put back on the dead letter topic, because they still cannot be applied.</param>
public sealed record RedriveResult(int Read, int Applied, int Duplicates, int Parked);
