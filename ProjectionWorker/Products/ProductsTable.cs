using EventDriven.Contracts;
using EventDriven.ServiceDefaults.MariaDb;
using EventDriven.ServiceDefaults.Messaging;
using MySqlConnector;

namespace EventDriven.ProjectionWorker.Products;

/// <summary>Writes <c>products_projection</c>.</summary>
internal static class ProductsTable
{
    private const string Columns = "product_id, sku, name, price, stock_quantity, listed_at, updated_at, version";

    public static async Task ApplyAsync(IReadOnlyList<IncomingEvent> events, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        var mine = events.Where(incoming => incoming.Event is InventoryEvent).ToList();
        if (mine.Count == 0)
        {
            return;
        }

        var listed = mine.Where(incoming => incoming.Event is ProductListed).Select(incoming => incoming.Aggregate.Id).ToHashSet();
        var rows = await ReadAsync([.. mine.Select(incoming => incoming.Aggregate.Id).Where(id => !listed.Contains(id)).Distinct()], transaction, cancellationToken);
        foreach (var incoming in mine)
        {
            rows[incoming.Aggregate.Id] = ProductRow.Apply(rows.GetValueOrDefault(incoming.Aggregate.Id), incoming);
        }

        await new SqlBuilder().Sql($"INSERT INTO products_projection ({Columns}) VALUES ")
            .Rows(rows.Values.OrderBy(row => row.ProductId), row =>
                [row.ProductId, row.Sku, row.Name, row.Price, row.StockQuantity, row.ListedAt, row.UpdatedAt, row.Version])
            .Sql("""
                 ON DUPLICATE KEY UPDATE sku = VALUES(sku), name = VALUES(name), price = VALUES(price), stock_quantity = VALUES(stock_quantity),
                listed_at = VALUES(listed_at), updated_at = VALUES(updated_at), version = VALUES(version)
                """)
            .ExecuteAsync(transaction, cancellationToken);
    }

    private static async Task<Dictionary<Guid, ProductRow>> ReadAsync(IReadOnlyCollection<Guid> products, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        Dictionary<Guid, ProductRow> rows = [];
        if (products.Count == 0)
        {
            return rows;
        }

        await using var command = new SqlBuilder().Sql($"SELECT {Columns} FROM products_projection WHERE product_id IN (").List(products)
            .Sql(") ORDER BY product_id FOR UPDATE").ToCommand(transaction.Connection!, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetGuid(0), new()
            {
                ProductId = reader.GetGuid(0),
                Sku = reader.GetString(1),
                Name = reader.GetString(2),
                Price = reader.GetDecimal(3),
                StockQuantity = reader.GetInt32(4),
                ListedAt = reader.GetDateTime(5),
                UpdatedAt = reader.GetDateTime(6),
                Version = reader.GetInt32(7),
            });
        }

        return rows;
    }
}
