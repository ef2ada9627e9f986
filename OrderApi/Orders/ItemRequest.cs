namespace EventDriven.OrderApi.Orders;

/// <summary>A line of an order.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">Pieces, 1 to 1000.</param>
internal sealed record ItemRequest(string? ProductId, decimal? Quantity);
