namespace EventDriven.Contracts;

/// <summary>The order was handed to a carrier.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Carrier">Who carries it.</param>
/// <param name="TrackingNumber">The carrier's number.</param>
/// <param name="ShippedAt">When.</param>
public sealed record OrderShipped(Guid OrderId, string Carrier, string TrackingNumber, DateTimeOffset ShippedAt) : OrderEvent(OrderId);
