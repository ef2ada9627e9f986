using System.Globalization;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>
/// Decides by <c>aggregateVersion</c> what happens with each record of a batch. The rule has no exception: an event is applied if and only if it is the
/// one after the last applied of its aggregate. A lower one is a duplicate. A higher one has a hole before it, because an earlier event was lost or could
/// not be applied, and goes to the dead letter topic behind that one. So nothing is ever applied over a hole, and whatever fills the hole, in whatever
/// order it comes, is applied.
/// </summary>
internal static class VersionGate
{
    /// <summary>Sorts a batch.</summary>
    /// <param name="records">The records, each partition's in the order of its offsets.</param>
    /// <param name="applied">The last version applied of each aggregate in the batch; one that is not listed has none yet.</param>
    /// <param name="parked">Which of them are parked.</param>
    /// <param name="rejected">Records that the handler could not apply, with the reason.</param>
    public static Verdict Judge(
        IReadOnlyList<IncomingRecord> records,
        IReadOnlyDictionary<AggregateKey, int> applied,
        IReadOnlyDictionary<AggregateKey, ParkedAggregate> parked,
        IReadOnlyDictionary<IncomingRecord, string> rejected)
    {
        var verdict = new Verdict(applied, parked);
        foreach (var record in records)
        {
            if (record is not { Aggregate: { } aggregate, Version: { } version })
            {
                verdict.DeadLetter(record, record.Unreadable ?? "unreadable");
                continue;
            }

            var have = verdict.VersionOf(aggregate);
            if (version <= have)
            {
                verdict.Duplicates.Add(record);
            }
            else if (version > have + 1)
            {
                verdict.Park(record, aggregate, version, Gap(have, version, verdict.ParkedAs(aggregate)));
            }
            else if (record.Unreadable is { } unreadable)
            {
                verdict.Park(record, aggregate, version, unreadable);
            }
            else if (rejected.TryGetValue(record, out var reason))
            {
                verdict.Park(record, aggregate, version, reason);
            }
            else
            {
                verdict.Apply(record.Event!);
            }
        }

        return verdict;
    }

    private static string Gap(int have, int version, ParkedAggregate? parked) =>
        parked is { } before && before.FirstVersion < version
            ? string.Create(CultureInfo.InvariantCulture, $"follows version {before.FirstVersion}: {before.Reason}")
            : string.Create(CultureInfo.InvariantCulture, $"gap: version {version} after {have}");
}
