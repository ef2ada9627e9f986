namespace EventDriven.EmbeddedKafka.Groups;

/// <summary>How far a group has read a partition.</summary>
/// <param name="Offset">The next record to read.</param>
/// <param name="LeaderEpoch">The epoch of the last record read; -1 when the client does not tell.</param>
/// <param name="Metadata">Whatever the client keeps with it.</param>
/// <param name="CommittedAt">Milliseconds since 1970.</param>
internal sealed record CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommittedAt);
