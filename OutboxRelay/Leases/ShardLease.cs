namespace EventDriven.OutboxRelay.Leases;

/// <summary>A shard's row in the lease table.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Owner">The relay that has it or had it, if one did.</param>
/// <param name="Fence">Rises with each change of owner.</param>
internal readonly record struct ShardLease(int Shard, string? Owner, ulong Fence);
