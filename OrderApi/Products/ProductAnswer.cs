namespace EventDriven.OrderApi.Products;

/// <summary>A product as a command answers it: from the write side, at once.</summary>
internal sealed record ProductAnswer(
    Guid ProductId,
    string Sku,
    string Name,
    decimal Price,
    int StockQuantity,
    int Version,
    DateTimeOffset ListedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, string> Links)
{
    public static ProductAnswer Of(Product product) => new(
        product.ProductId, product.Sku, product.Name, product.Price, product.StockQuantity, product.Version, product.ListedAt, product.UpdatedAt,
        LinksOf(product.ProductId));

    public static string Self(Guid productId) => $"/products/{productId}";

    public static IReadOnlyDictionary<string, string> LinksOf(Guid productId) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["self"] = Self(productId),
        ["adjust-stock"] = Self(productId) + "/stock-adjustments",
    };
}
