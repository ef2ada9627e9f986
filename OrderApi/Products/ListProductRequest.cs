namespace EventDriven.OrderApi.Products;

/// <summary>A product to be offered.</summary>
/// <param name="Sku">Its stock keeping unit: letters, digits, dots, hyphens and underscores, at most 64; no two products share one.</param>
/// <param name="Name">Its name, at most 200 characters.</param>
/// <param name="Price">Price of a piece, 0.01 to 1000000.00.</param>
/// <param name="StockQuantity">Pieces that can be ordered; none where it is left out.</param>
internal sealed record ListProductRequest(string? Sku, string? Name, decimal? Price, decimal? StockQuantity = 0);
