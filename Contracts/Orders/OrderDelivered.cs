namespace EventDriven.Contracts;

/// <summary>The order arrived.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="DeliveredAt">When.</param>
public sealed record OrderDelivered(Guid OrderId, DateTimeOffset DeliveredAt) : OrderEvent(OrderId);
