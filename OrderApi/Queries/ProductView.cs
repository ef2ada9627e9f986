using EventDriven.OrderApi.Products;
using MySqlConnector;

namespace EventDriven.OrderApi.Queries;

/// <summary>A product as the projection worker keeps it.</summary>
internal sealed record ProductView(
    Guid ProductId,
    string Sku,
    string Name,
    decimal Price,
    int StockQuantity,
    DateTimeOffset ListedAt,
    DateTimeOffset UpdatedAt,
    int Version,
    IReadOnlyDictionary<string, string> Links)
{
    public const string Select = "SELECT product_id, sku, name, price, stock_quantity, listed_at, updated_at, version FROM products_projection";

    public static ProductView From(MySqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetDecimal(3), row.GetInt32(4), row.GetInstant(5), row.GetInstant(6), row.GetInt32(7),
        ProductAnswer.LinksOf(row.GetGuid(0)));
}
