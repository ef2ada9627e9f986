using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;

namespace EventDriven.ProjectionWorker.Products;

/// <summary>A row of <c>products_projection</c>.</summary>
internal sealed record ProductRow
{
    public required Guid ProductId { get; init; }
    public required string Sku { get; init; }
    public required string Name { get; init; }
    public required decimal Price { get; init; }
    public required int StockQuantity { get; init; }
    public required DateTime ListedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
    public required int Version { get; init; }

    /// <summary>The row after an event.</summary>
    /// <exception cref="PoisonEventException">A product's first event is not its listing.</exception>
    public static ProductRow Apply(ProductRow? row, IncomingEvent incoming) => (row, incoming.Event) switch
    {
        (_, ProductListed e) => new()
        {
            ProductId = e.ProductId,
            Sku = e.Sku,
            Name = e.Name,
            Price = e.Price,
            StockQuantity = e.StockQuantity,
            ListedAt = e.ListedAt.UtcDateTime,
            UpdatedAt = e.ListedAt.UtcDateTime,
            Version = incoming.Version,
        },
        (null, _) => throw new PoisonEventException(incoming, $"{incoming.Event.EventType} of a product that was never listed"),
        (_, ProductUpdated e) => row with { Sku = e.Sku, Name = e.Name, Price = e.Price, UpdatedAt = e.UpdatedAt.UtcDateTime, Version = incoming.Version },
        (_, StockAdjusted e) => row with { StockQuantity = e.StockQuantity, UpdatedAt = e.AdjustedAt.UtcDateTime, Version = incoming.Version },
        _ => row with { Version = incoming.Version },
    };
}
