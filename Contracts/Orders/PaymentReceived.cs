namespace EventDriven.Contracts;

/// <summary>The order was paid in full.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Amount">What was paid: the order's total.</param>
/// <param name="Method">How, such as <c>card</c>.</param>
/// <param name="Reference">The payment provider's reference.</param>
/// <param name="PaidAt">When.</param>
public sealed record PaymentReceived(Guid OrderId, decimal Amount, string Method, string Reference, DateTimeOffset PaidAt) : OrderEvent(OrderId);
