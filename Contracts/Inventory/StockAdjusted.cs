namespace EventDriven.Contracts;

/// <summary>The stock of a product changed: by a count or a delivery, or because an order reserved or released pieces.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Delta">Pieces added (positive) or taken (negative).</param>
/// <param name="StockQuantity">Pieces that can be ordered now.</param>
/// <param name="Reason">Why: <c>reserved</c>, <c>released</c>, or what the caller gave.</param>
/// <param name="OrderId">The order that reserved or released them, if one did.</param>
/// <param name="AdjustedAt">When.</param>
public sealed record StockAdjusted(
    Guid ProductId, int Delta, int StockQuantity, string Reason, Guid? OrderId, DateTimeOffset AdjustedAt) : InventoryEvent(ProductId);
