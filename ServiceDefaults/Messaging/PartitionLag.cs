namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>How far a partition is behind.</summary>
/// <param name="Records">Records not yet applied.</param>
/// <param name="OldestAt">The time of the oldest of them that was read, or of the last one applied.</param>
internal readonly record struct PartitionLag(long Records, DateTime OldestAt)
{
    /// <summary>Seconds behind; 0 when nothing is left.</summary>
    public double Seconds(DateTime now) => Records == 0 ? 0 : Math.Max(0, (now - OldestAt).TotalSeconds);
}
