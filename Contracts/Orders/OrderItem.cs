namespace EventDriven.Contracts;

/// <summary>A line of an order, with the product's SKU, name and price as they were when it was added.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Sku">Its stock keeping unit at that time.</param>
/// <param name="Name">Its name at that time.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="UnitPrice">Price of a piece at that time.</param>
/// <param name="LineTotal"><paramref name="UnitPrice"/> × <paramref name="Quantity"/>.</param>
public sealed record OrderItem(Guid ProductId, string Sku, string Name, int Quantity, decimal UnitPrice, decimal LineTotal);
