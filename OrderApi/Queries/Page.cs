namespace EventDriven.OrderApi.Queries;

/// <summary>A part of a list.</summary>
/// <param name="Items">Its entries.</param>
/// <param name="NextCursor">What to pass as <c>cursor</c>, with the same filters, for the next part; left out at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
