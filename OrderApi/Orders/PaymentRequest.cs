namespace EventDriven.OrderApi.Orders;

/// <summary>A payment that was received.</summary>
/// <param name="Amount">The order's total.</param>
/// <param name="Method">How, such as <c>card</c>; at most 32 characters.</param>
/// <param name="Reference">The payment provider's reference; at most 100 characters.</param>
internal sealed record PaymentRequest(decimal? Amount, string? Method, string? Reference);
