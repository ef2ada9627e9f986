namespace EventDriven.Contracts;

/// <summary>
/// A one-minute window over the orders placed, as it stands now; published again with each change, under <see cref="WindowStart"/> as the key. The one with
/// the highest version counts.
/// </summary>
/// <param name="WindowStart">Where the window begins; it ends a minute later, exclusive.</param>
/// <param name="OrderCount">Orders placed in it.</param>
/// <param name="Revenue">Sum of their totals.</param>
/// <param name="Average">Revenue / count, rounded half up to two decimals.</param>
/// <param name="Version">Rises with each change of the window.</param>
public sealed record OrdersPerMinute(DateTimeOffset WindowStart, int OrderCount, decimal Revenue, decimal Average, long Version);
