using EventDriven.OutboxRelay.Outbox;

namespace EventDriven.OutboxRelay.Sending;

/// <summary>Aggregates whose next row Kafka refuses. They are left out of the batches and tried alone, at growing intervals.</summary>
internal sealed class HeldBackAggregates(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly Dictionary<Guid, Entry> _entries = [];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Guid> All => _entries.Keys;

    /// <summary>Holds an aggregate back, for twice as long as the last time.</summary>
    public void Add(OutboxRow refused)
    {
        var attempts = _entries.TryGetValue(refused.AggregateId, out var before) ? before.Attempts + 1 : 0;
        var wait = TimeSpan.FromSeconds(Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(attempts, 20)), Longest.TotalSeconds));
        _entries[refused.AggregateId] = new(refused.Shard, attempts, time.GetUtcNow() + wait);
    }

    /// <summary>Its rows were sent, or are another relay's business now.</summary>
    public void Remove(Guid aggregate) => _entries.Remove(aggregate);

    /// <summary>One that may be tried again now, if there is one.</summary>
    /// <param name="held">The shards held; aggregates of others are forgotten.</param>
    public (int Shard, Guid Aggregate)? Due(IReadOnlyDictionary<int, ulong> held)
    {
        if (_entries.Count == 0)
        {
            return null;
        }

        foreach (var gone in _entries.Where(entry => !held.ContainsKey(entry.Value.Shard)).Select(entry => entry.Key).ToList())
        {
            _entries.Remove(gone);
        }

        var now = time.GetUtcNow();
        foreach (var (aggregate, entry) in _entries)
        {
            if (entry.At <= now)
            {
                return (entry.Shard, aggregate);
            }
        }

        return null;
    }

    private sealed record Entry(int Shard, int Attempts, DateTimeOffset At);
}
