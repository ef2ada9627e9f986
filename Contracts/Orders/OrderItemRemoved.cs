namespace EventDriven.Contracts;

/// <summary>A line was removed from a pending order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Item">The line that went.</param>
/// <param name="Amounts">The order's amounts without it.</param>
/// <param name="RemovedAt">When.</param>
public sealed record OrderItemRemoved(Guid OrderId, OrderItem Item, OrderAmounts Amounts, DateTimeOffset RemovedAt) : OrderEvent(OrderId);
