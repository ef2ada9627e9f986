using EventDriven.Contracts;

namespace EventDriven.OrderApi.Products;

/// <summary>A product with its stock: the pieces that can still be ordered.</summary>
internal sealed record Product(
    Guid ProductId, string Sku, string Name, decimal Price, int StockQuantity, DateTimeOffset ListedAt, DateTimeOffset UpdatedAt, int Version)
{
    public const int MostStock = 1_000_000_000;
    public const string Reserved = "reserved";
    public const string Released = "released";

    public static Product From(ProductListed e) => new(e.ProductId, e.Sku, e.Name, e.Price, e.StockQuantity, e.ListedAt, e.ListedAt, Version: 1);

    /// <summary>The product after a later event.</summary>
    /// <exception cref="InvalidOperationException">The event cannot follow.</exception>
    public Product Apply(InventoryEvent domainEvent) => (domainEvent switch
    {
        ProductUpdated e => this with { Sku = e.Sku, Name = e.Name, Price = e.Price, UpdatedAt = e.UpdatedAt },
        StockAdjusted e => this with { StockQuantity = e.StockQuantity, UpdatedAt = e.AdjustedAt },
        _ => throw new InvalidOperationException($"{domainEvent.EventType} cannot follow on version {Version} of a product."),
    }) with
    { Version = Version + 1 };

    /// <summary>An order's line at today's price.</summary>
    public OrderItem Line(int quantity) => new(ProductId, Sku, Name, quantity, Price, Price * quantity);

    public StockAdjusted Reserve(int quantity, Guid orderId, DateTimeOffset now) => new(ProductId, -quantity, StockQuantity - quantity, Reserved, orderId, now);

    public StockAdjusted Release(int quantity, Guid orderId, DateTimeOffset now) => new(ProductId, quantity, StockQuantity + quantity, Released, orderId, now);
}
