namespace EventDriven.OrderApi.Queries;

/// <summary>The orders placed in one minute.</summary>
internal sealed record MinuteOfOrders(DateTimeOffset WindowStart, DateTimeOffset WindowEnd, int OrderCount, decimal Revenue, decimal AverageOrderValue);
