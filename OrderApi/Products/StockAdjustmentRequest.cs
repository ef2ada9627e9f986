namespace EventDriven.OrderApi.Products;

/// <summary>A change of stock by a count or a delivery.</summary>
/// <param name="Delta">Pieces added (positive) or taken (negative), at most a million.</param>
/// <param name="Reason">Why, such as <c>delivery</c>; at most 100 characters.</param>
internal sealed record StockAdjustmentRequest(decimal? Delta, string? Reason);
