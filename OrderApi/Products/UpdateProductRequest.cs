namespace EventDriven.OrderApi.Products;

/// <summary>What changes of a product; what is left out stays.</summary>
/// <param name="Sku">Its stock keeping unit.</param>
/// <param name="Name">Its name.</param>
/// <param name="Price">Price of a piece; orders keep the price they were placed with.</param>
internal sealed record UpdateProductRequest(string? Sku = null, string? Name = null, decimal? Price = null);
