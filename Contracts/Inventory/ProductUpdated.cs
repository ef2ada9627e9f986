namespace EventDriven.Contracts;

/// <summary>A product's name, SKU or price changed; all of them are given as they stand now. Orders keep what they were placed with.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Sku">Its stock keeping unit.</param>
/// <param name="Name">Its name.</param>
/// <param name="Price">Price of a piece.</param>
/// <param name="UpdatedAt">When.</param>
public sealed record ProductUpdated(Guid ProductId, string Sku, string Name, decimal Price, DateTimeOffset UpdatedAt) : InventoryEvent(ProductId);
