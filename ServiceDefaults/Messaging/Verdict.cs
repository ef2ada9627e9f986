namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>What <see cref="VersionGate"/> decided about a batch.</summary>
/// <param name="applied">The versions before the batch.</param>
/// <param name="parked">The parked aggregates before the batch.</param>
internal sealed class Verdict(IReadOnlyDictionary<AggregateKey, int> applied, IReadOnlyDictionary<AggregateKey, ParkedAggregate> parked)
{
    private readonly List<IncomingEvent> _apply = [];
    private readonly List<DeadLetter> _deadLetters = [];
    private readonly Dictionary<AggregateKey, int> _versions = [];
    private readonly Dictionary<AggregateKey, ParkedAggregate?> _parking = [];

    /// <summary>What is applied, in order.</summary>
    public IReadOnlyList<IncomingEvent> Events => _apply;

    /// <summary>What goes to the dead letter topic, in order.</summary>
    public IReadOnlyList<DeadLetter> DeadLetters => _deadLetters;

    /// <summary>What was applied before.</summary>
    public List<IncomingRecord> Duplicates { get; } = [];

    /// <summary>The new version of each aggregate of which something is applied.</summary>
    public IReadOnlyDictionary<AggregateKey, int> Versions => _versions;

    /// <summary>Changes of the parked aggregates; null means it is no longer parked.</summary>
    public IReadOnlyDictionary<AggregateKey, ParkedAggregate?> Parking => _parking;

    public int VersionOf(AggregateKey aggregate) =>
        _versions.TryGetValue(aggregate, out var version) ? version : applied.GetValueOrDefault(aggregate);

    public ParkedAggregate? ParkedAs(AggregateKey aggregate)
    {
        if (_parking.TryGetValue(aggregate, out var changed))
        {
            return changed;
        }

        return parked.TryGetValue(aggregate, out var before) ? before : null;
    }

    public void Apply(IncomingEvent incoming)
    {
        _apply.Add(incoming);
        _versions[incoming.Aggregate] = incoming.Version;
        if (ParkedAs(incoming.Aggregate) is { } entry && incoming.Version >= entry.LastVersion)
        {
            _parking[incoming.Aggregate] = null;
        }
    }

    public void Park(IncomingRecord record, AggregateKey aggregate, int version, string reason)
    {
        DeadLetter(record, reason);
        _parking[aggregate] = ParkedAs(aggregate) is { } entry && entry.FirstVersion <= version
            ? entry with { LastVersion = Math.Max(entry.LastVersion, version), Reason = entry.FirstVersion == version ? reason : entry.Reason }
            : new ParkedAggregate(version, Math.Max(version, ParkedAs(aggregate)?.LastVersion ?? 0), reason);
    }

    public void DeadLetter(IncomingRecord record, string reason) => _deadLetters.Add(new(record, reason));
}
