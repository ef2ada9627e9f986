namespace EventDriven.OutboxRelay.Leases;

/// <summary>What a relay does with the leases it sees.</summary>
/// <param name="Keep">Shards it has and keeps.</param>
/// <param name="Release">Shards it has and gives up, because another relay is below its share.</param>
/// <param name="Claim">Free shards it takes.</param>
internal sealed record LeasePlan(IReadOnlyList<ShardLease> Keep, IReadOnlyList<ShardLease> Release, IReadOnlyList<ShardLease> Claim)
{
    /// <summary>
    /// Each of N relays has its share: shards / N, and the first ones in the order of their names one more where that leaves a rest. Shares add up to all
    /// shards, so with the same relays a second round changes nothing.
    /// </summary>
    /// <param name="relay">The relay that decides.</param>
    /// <param name="alive">The relays alive, this one among them.</param>
    /// <param name="leases">All shards.</param>
    /// <param name="mayRelease">Whether it may give up shards now: not while it has rows of them in flight.</param>
    public static LeasePlan Decide(string relay, IReadOnlyCollection<string> alive, IReadOnlyList<ShardLease> leases, bool mayRelease)
    {
        var names = alive.Order(StringComparer.Ordinal).ToList();
        var rank = names.IndexOf(relay);
        var share = (leases.Count / names.Count) + (rank < leases.Count % names.Count ? 1 : 0);

        var mine = leases.Where(lease => string.Equals(lease.Owner, relay, StringComparison.Ordinal)).ToList();
        var free = leases.Where(lease => lease.Owner is null || !names.Contains(lease.Owner, StringComparer.Ordinal));
        var kept = mayRelease ? Math.Min(mine.Count, share) : mine.Count;
        return new(mine[..kept], mine[kept..], [.. free.Take(Math.Max(0, share - mine.Count))]);
    }
}
