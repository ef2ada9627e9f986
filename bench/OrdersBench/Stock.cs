using System.Globalization;
using System.Text;
using EventDriven.TestSupport;

namespace EventDriven.OrdersBench;

/// <summary>What the orders are about: a hundred customers, a thousand products, two lines to an order.</summary>
internal sealed class Stock
{
    private const int Pieces = 10_000_000;

    public IReadOnlyList<Guid> Customers { get; } = [.. Enumerable.Range(0, 100).Select(_ => Guid.CreateVersion7())];

    public IReadOnlyList<Guid> Products { get; } = [.. Enumerable.Range(0, 1000).Select(_ => Guid.CreateVersion7())];

    public static async Task<Stock> FillAsync(TestDatabases databases, CancellationToken cancellationToken)
    {
        var stock = new Stock();
        var sql = new StringBuilder("INSERT INTO customers VALUES ");
        sql.AppendJoin(',', stock.Customers.Select((id, i) =>
            $"('{id}', 'First', 'Last', 'c{i}@example.com', 'standard', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 1)"));
        sql.Append("; INSERT INTO products VALUES ");
        sql.AppendJoin(',', stock.Products.Select((id, i) =>
            $"('{id}', 'SKU-{i}', 'Product number {i}', 19.99, {Pieces}, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 1)"));
        await using var command = databases.AdminDataSource("ecommerce").CreateCommand(sql.ToString());
        await command.ExecuteNonQueryAsync(cancellationToken);
        return stock;
    }

    public Guid AnyCustomer() => Customers[Random.Shared.Next(Customers.Count)];

    /// <summary>Two different products, in the order in which they are locked.</summary>
    public (Guid First, Guid Second) AnyProducts()
    {
        var first = Random.Shared.Next(Products.Count);
        var second = (first + 1 + Random.Shared.Next(Products.Count - 1)) % Products.Count;
        return Products[first].CompareTo(Products[second]) < 0 ? (Products[first], Products[second]) : (Products[second], Products[first]);
    }

    public static async Task<long> DeadlocksAsync(TestDatabases databases, CancellationToken cancellationToken) => await ScalarAsync(
        databases, "SELECT CAST(variable_value AS SIGNED) FROM information_schema.global_status WHERE variable_name = 'Innodb_deadlocks'", cancellationToken);

    /// <summary>Says what is wrong where acknowledged orders, tables and events do not agree.</summary>
    public static async Task<string?> LostAsync(TestDatabases databases, int acknowledged, CancellationToken cancellationToken)
    {
        var orders = await ScalarAsync(databases, "SELECT COUNT(*) FROM orders", cancellationToken);
        var events = await ScalarAsync(databases, "SELECT COUNT(*) FROM outbox_events", cancellationToken);
        var taken = await ScalarAsync(databases, $"SELECT SUM({Pieces} - stock_quantity) FROM products", cancellationToken);
        return orders == acknowledged && events == 3 * orders && taken == 2 * orders
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"WRONG: {acknowledged} acknowledged, {orders} orders, {events} events, {taken} pieces");
    }

    private static async Task<long> ScalarAsync(TestDatabases databases, string sql, CancellationToken cancellationToken)
    {
        await using var command = databases.AdminDataSource("ecommerce").CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }
}
