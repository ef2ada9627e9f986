namespace EventDriven.Contracts;

/// <summary>A line was added to a pending order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Item">The new line.</param>
/// <param name="Amounts">The order's amounts with it.</param>
/// <param name="AddedAt">When.</param>
public sealed record OrderItemAdded(Guid OrderId, OrderItem Item, OrderAmounts Amounts, DateTimeOffset AddedAt) : OrderEvent(OrderId);
