namespace EventDriven.Contracts;

/// <summary>The order was called off before it was shipped; its stock is free again.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Reason">Why.</param>
/// <param name="RefundDue">What is to be paid back: the total of a paid order, zero of a pending one.</param>
/// <param name="CancelledAt">When.</param>
public sealed record OrderCancelled(Guid OrderId, string Reason, decimal RefundDue, DateTimeOffset CancelledAt) : OrderEvent(OrderId);
