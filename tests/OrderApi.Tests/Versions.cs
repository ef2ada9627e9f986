namespace EventDriven.OrderApi.Tests;

/// <summary>Versions as consumers rely on them.</summary>
internal static class Versions
{
    /// <summary>Each aggregate's events stand in the outbox as version 1, 2, 3 … without gap, double or inversion.</summary>
    public static void AssertDense(IReadOnlyList<OutboxRow> outbox) => Assert.All(
        outbox.GroupBy(row => row.AggregateId),
        aggregate => Assert.Equal(Enumerable.Range(1, aggregate.Count()), aggregate.Select(row => row.Version)));
}
