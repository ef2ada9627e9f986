namespace EventDriven.OrderApi.Orders;

/// <summary>Why an order is called off.</summary>
/// <param name="Reason">In words; at most 500 characters.</param>
internal sealed record CancellationRequest(string? Reason);
