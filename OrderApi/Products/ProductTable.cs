using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Outbox;
using MySqlConnector;

namespace EventDriven.OrderApi.Products;

/// <summary>Rows of <c>products</c>. Whoever locks several does so in the order of their ids, so that two commands never wait for each other.</summary>
internal static class ProductTable
{
    private const string Columns = "p.product_id, p.sku, p.name, p.price, p.stock_quantity, p.listed_at, p.updated_at, p.version";

    /// <summary>Locks products by id. The primary key is forced: a scan of the whole table would lock, and wait for, every product.</summary>
    public static MySqlBatchCommand Lock(IReadOnlyCollection<Guid> ids)
    {
        var command = new MySqlBatchCommand();
        var names = ids.Select((id, i) =>
        {
            command.Parameters.AddWithValue($"@p{i}", id);
            return $"@p{i}";
        });
        command.CommandText =
            $"SELECT {Columns} FROM products p FORCE INDEX (PRIMARY) WHERE p.product_id IN ({string.Join(',', names)}) ORDER BY p.product_id FOR UPDATE";
        return command;
    }

    /// <summary>Locks the products of an order's lines; the lines are read by their primary key, which is in the order of the products' ids.</summary>
    public static MySqlBatchCommand LockOfOrder(Guid orderId) => OutboxTransaction.Statement(
        $"""
        SELECT {Columns} FROM order_items i FORCE INDEX (PRIMARY) STRAIGHT_JOIN products p ON p.product_id = i.product_id
        WHERE i.order_id = @order ORDER BY i.product_id FOR UPDATE
        """,
        ("@order", orderId));

    /// <summary>The products of the reader's current result.</summary>
    public static async Task<Dictionary<Guid, Product>> ReadAsync(MySqlDataReader reader, CancellationToken cancellationToken)
    {
        var products = new Dictionary<Guid, Product>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var product = new Product(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetDecimal(3), reader.GetInt32(4),
                reader.GetInstant(5), reader.GetInstant(6), reader.GetInt32(7));
            products.Add(product.ProductId, product);
        }

        return products;
    }

    public static void Insert(OutboxTransaction tx, Product product) => tx.Write(
        """
        INSERT INTO products (product_id, sku, name, price, stock_quantity, listed_at, updated_at, version)
        VALUES (@id, @sku, @name, @price, @stock, @listed, @updated, @version)
        """,
        ("@id", product.ProductId), ("@sku", product.Sku), ("@name", product.Name), ("@price", product.Price), ("@stock", product.StockQuantity),
        ("@listed", product.ListedAt), ("@updated", product.UpdatedAt), ("@version", product.Version));

    public static void Update(OutboxTransaction tx, Product product) => tx.Write(
        "UPDATE products SET sku = @sku, name = @name, price = @price, stock_quantity = @stock, updated_at = @updated, version = @version WHERE product_id = @id",
        ("@sku", product.Sku), ("@name", product.Name), ("@price", product.Price), ("@stock", product.StockQuantity),
        ("@updated", product.UpdatedAt), ("@version", product.Version), ("@id", product.ProductId));

    /// <summary>Writes a change of stock alone, and its event.</summary>
    public static void Adjust(OutboxTransaction tx, Product before, StockAdjusted adjusted)
    {
        var after = before.Apply(adjusted);
        tx.Write(
            "UPDATE products SET stock_quantity = @stock, updated_at = @updated, version = @version WHERE product_id = @id",
            ("@stock", after.StockQuantity), ("@updated", after.UpdatedAt), ("@version", after.Version), ("@id", after.ProductId));
        tx.Publish(adjusted, after.Version);
    }
}
