namespace EventDriven.Contracts;

/// <summary>A product can be ordered.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Sku">Its stock keeping unit.</param>
/// <param name="Name">Its name.</param>
/// <param name="Price">Price of a piece.</param>
/// <param name="StockQuantity">Pieces that can be ordered.</param>
/// <param name="ListedAt">When.</param>
public sealed record ProductListed(
    Guid ProductId, string Sku, string Name, decimal Price, int StockQuantity, DateTimeOffset ListedAt) : InventoryEvent(ProductId);
