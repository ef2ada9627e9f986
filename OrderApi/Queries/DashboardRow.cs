using EventDriven.Contracts;

namespace EventDriven.OrderApi.Queries;

/// <summary>The orders of one day (UTC) in one state.</summary>
internal sealed record DashboardRow(DateOnly OrderDate, OrderStatus Status, long OrderCount, decimal TotalRevenue, decimal AverageOrderValue);
