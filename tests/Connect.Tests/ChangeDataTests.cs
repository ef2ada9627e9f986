using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using EventDriven.AppHost;
using EventDriven.Contracts;
using EventDriven.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;

namespace EventDriven.Connect.Tests;

public sealed class ChangeDataTests(RealSystem system)
{
    private const int Products = 240;

    private static readonly IReadOnlyList<string> Tables = [.. ConnectTopics.CapturedTables.Select(table => ConnectTopics.Changes("ecommerce", table).Name)];

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_of_a_captured_table_arrives_with_its_operation_key_exact_decimals_and_instants()
    {
        await RegisterAsync();
        var from = Records.Ends(system.Kafka.BootstrapServers, Tables);
        const string Customer = "0198c7a0-0000-7000-8000-00000000c001", Product = "0198c7a0-0000-7000-8000-00000000b001", Order = "0198c7a0-0000-7000-8000-00000000a001";
        await ExecuteAsync(
            $"""
            INSERT INTO customers VALUES ('{Customer}', 'Zoë', '李雷 😀', 'zoe@example.org', 'gold', '2026-03-29 01:59:59.999999', '2026-03-29 01:59:59.999999', 1);
            INSERT INTO products VALUES ('{Product}', 'SKU-CDC', 'Lamp', 1234567.89, 5, '1999-12-31 23:59:59.000001', '2026-01-01 00:00:00', 1);
            INSERT INTO orders (order_id, order_number, customer_id, status, subtotal, tax_amount, shipping_amount, total_amount, shipping_address, billing_address, created_at, updated_at, version)
            VALUES ('{Order}', 'ORD-CDC', '{Customer}', 'pending', 999999999999.01, 0.10, 0.20, 999999999999.31, '{"{}"}', '{"{}"}', '2026-07-01 12:00:00.123456', '2026-07-01 12:00:00.123456', 1);
            INSERT INTO order_items VALUES ('{Order}', '{Product}', 1, 'SKU-CDC', 'Lamp', 2, 0.05, 0.10);
            UPDATE customers SET tier = 'silver', version = 2 WHERE customer_id = '{Customer}';
            UPDATE products SET price = 0.01, version = 2 WHERE product_id = '{Product}';
            UPDATE orders SET status = 'cancelled', cancelled_at = '2026-07-01 12:00:01.5', version = 2 WHERE order_id = '{Order}';
            UPDATE order_items SET quantity = 4, line_total = 0.20 WHERE order_id = '{Order}';
            DELETE FROM order_items WHERE order_id = '{Order}';
            DELETE FROM orders WHERE order_id = '{Order}';
            DELETE FROM products WHERE product_id = '{Product}';
            DELETE FROM customers WHERE customer_id = '{Customer}';
            """);

        // Insert, update, delete and the tombstone that lets compaction forget the key, for each of four tables.
        var records = await Records.ReadAsync(system.Kafka.BootstrapServers, from, found => found.Count >= 16, CancellationToken);
        var byTable = records.GroupBy(record => record.Topic, StringComparer.Ordinal).ToDictionary(
            table => table.Key, table => table.OrderBy(record => record.Offset.Value).ToList(), StringComparer.Ordinal);
        Assert.Equal(Tables.Order(StringComparer.Ordinal), byTable.Keys.Order(StringComparer.Ordinal));
        Assert.All(byTable.Values, table => Assert.Equal(["c", "u", "d", null], table.Select(record => Change.Of(record).Operation)));
        Assert.Equal($$"""{"order_id":"{{Order}}","product_id":"{{Product}}"}""", Change.Of(byTable["app.ecommerce.order_items"][0]).Key);

        var product = Change.Of(byTable["app.ecommerce.products"][1]);
        Assert.Equal($$"""{"product_id":"{{Product}}"}""", product.Key);
        Assert.Equal("1234567.89", product.Before!.Value.GetProperty("price").GetString());
        Assert.Equal("0.01", product.After!.Value.GetProperty("price").GetString());
        Assert.Equal("1999-12-31T23:59:59.000001Z", product.After!.Value.GetProperty("listed_at").GetString());
        var customer = Change.Of(byTable["app.ecommerce.customers"][0]);
        Assert.Null(customer.Before);
        Assert.Equal("李雷 😀", customer.After!.Value.GetProperty("last_name").GetString());
        Assert.Equal("2026-03-29T01:59:59.999999Z", customer.After!.Value.GetProperty("registered_at").GetString());
        var order = Change.Of(byTable["app.ecommerce.orders"][2]);
        Assert.Equal("999999999999.31", order.Before!.Value.GetProperty("total_amount").GetString());
        Assert.Equal("2026-07-01T12:00:01.5Z", order.Before!.Value.GetProperty("cancelled_at").GetString());
        Assert.Null(order.After);
    }

    [Fact]
    public async Task Killing_Connect_MariaDB_and_Kafka_in_the_middle_loses_nothing_doubles_nothing_and_keeps_the_order()
    {
        await RegisterAsync();
        var from = Records.Ends(system.Kafka.BootstrapServers, Tables);

        // As the AppHost does: a task that finds no MariaDB while it starts fails for good, and is restarted.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        var keeper = new ConnectorKeeper(system.Worker, ChangeDataConnector.Name, ChangeDataConnector.Configuration(), NullLogger.Instance, TimeProvider.System).RunAsync(stop.Token);
        var progress = 0;
        var load = LoadAsync(Products, () => Interlocked.Increment(ref progress));

        await Eventually.TrueAsync(() => progress > Products / 5, CancellationToken);
        await system.Connect.KillAsync(CancellationToken);
        await Eventually.TrueAsync(() => progress > Products * 2 / 5, CancellationToken);
        await system.Connect.RestartAsync(CancellationToken);
        await Eventually.TrueAsync(() => progress > Products * 3 / 5, CancellationToken);
        await system.MariaDb.KillAsync(CancellationToken);
        await system.MariaDb.RestartAsync(CancellationToken);
        await Eventually.TrueAsync(() => progress > Products * 4 / 5, CancellationToken);
        await system.Kafka.KillAsync(CancellationToken);
        await system.Kafka.RestartAsync(CancellationToken);
        await load;
        await ExecuteAsync($"INSERT INTO products VALUES ('{NewId.At(DateTimeOffset.UtcNow)}', 'LAST', 'last', 1, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 1)");

        var records = await system.ReadAsync(
            from,
            found => found.Any(record => record.Message.Value is not null && Encoding.UTF8.GetString(record.Message.Value).Contains("\"LAST\"", StringComparison.Ordinal)),
            CancellationToken,
            TimeSpan.FromMinutes(3));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeper);
        var ofProducts = records.Where(record => record.Topic == "app.ecommerce.products").Select(Change.Of).ToList();
        AssertChains(ofProducts);
        await ExecuteAsync("DELETE FROM products");
    }

    [Fact]
    public async Task An_incremental_snapshot_completes_beside_the_live_stream()
    {
        await RegisterAsync();
        await LoadAsync(60, () => { });
        var left = await IdsAsync();
        var from = Records.Ends(system.Kafka.BootstrapServers, Tables);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        var written = 0;
        var live = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await ExecuteAsync($"INSERT INTO products VALUES ('{NewId.At(DateTimeOffset.UtcNow)}', UUID(), 'live', 1, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 1)");
                    Interlocked.Increment(ref written);
                }
            },
            CancellationToken);

        await IncrementalSnapshot.RequestAsync(
            system.Kafka.BootstrapServers, ConnectTopics.CapturedTables.Select(table => $"ecommerce.{table}"), CancellationToken);
        bool Complete(IEnumerable<ConsumeResult<byte[], byte[]>> records) => left.IsSubsetOf(
            records.Select(Change.Of).Where(change => change is { Operation: "r", Snapshot: "incremental" }).Select(change => change.Id));
        await Records.ReadAsync(system.Kafka.BootstrapServers, from, Complete, CancellationToken, TimeSpan.FromSeconds(90));
        await stop.CancelAsync();
        await live;

        var records = await Records.ReadAsync(
            system.Kafka.BootstrapServers, from, found => found.Select(Change.Of).Count(change => change is { Operation: "c", Name: "live" }) == written, CancellationToken);
        Assert.True(written > 0);
        Assert.True(Complete(records));
        await system.RunsAsync(ChangeDataConnector.Name, CancellationToken);
        await ExecuteAsync("DELETE FROM products");
    }

    // Registers the connector and waits until it has read all that other tests wrote.
    private async Task RegisterAsync()
    {
        await system.RegisterAsync(ChangeDataConnector.Name, ChangeDataConnector.Configuration(), CancellationToken);
        var from = Records.Ends(system.Kafka.BootstrapServers, Tables);
        var mark = NewId.At(DateTimeOffset.UtcNow).ToString();
        await ExecuteAsync($"INSERT INTO products VALUES ('{mark}', '{mark}', 'mark', 1, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 1)");
        await system.ReadAsync(
            from, found => found.Any(record => Encoding.UTF8.GetString(record.Message.Key).Contains(mark, StringComparison.Ordinal)), CancellationToken, TimeSpan.FromMinutes(2));
    }

    // Each change of a row begins where the one before it ended: nothing is missing, doubled or out of order.
    private static void AssertChains(IReadOnlyList<Change> changes)
    {
        foreach (var row in changes.Where(change => change.Operation is not null).GroupBy(change => change.Id, StringComparer.Ordinal))
        {
            string? state = null;
            foreach (var change in row)
            {
                Assert.Equal(state, change.Before?.GetRawText());
                Assert.Equal(state is null ? "c" : change.After is null ? "d" : "u", change.Operation);
                state = change.After?.GetRawText();
            }
        }

        var ids = changes.Select(change => change.Id).Distinct(StringComparer.Ordinal).Count();
        Assert.Equal(Products + 1, ids);
    }

    // Inserts, changes and, every third, deletes products, going on when the server comes back.
    private async Task LoadAsync(int products, Action written)
    {
        for (var i = 0; i < products; i++)
        {
            var id = NewId.At(DateTimeOffset.UtcNow);
            List<string> statements =
            [
                $"INSERT IGNORE INTO products VALUES ('{id}', '{id}', 'p', 0.01, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 1)",
                string.Create(CultureInfo.InvariantCulture, $"UPDATE products SET price = {i + 1}.55, version = 2 WHERE product_id = '{id}'"),
            ];
            if (i % 3 == 0)
            {
                statements.Add($"DELETE FROM products WHERE product_id = '{id}'");
            }

            foreach (var statement in statements)
            {
                await Eventually.TrueAsync(
                    async cancellation =>
                    {
                        await SendAsync(statement, cancellation);
                        return true;
                    },
                    CancellationToken,
                    TimeSpan.FromSeconds(60));
            }

            written();
        }
    }

    private async Task<HashSet<string>> IdsAsync()
    {
        await using var connection = await OpenAsync(CancellationToken);
        await using var command = new MySqlCommand("SELECT CAST(product_id AS CHAR) FROM products", connection);
        await using var reader = await command.ExecuteReaderAsync(CancellationToken);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(CancellationToken))
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    private Task ExecuteAsync(string sql) => SendAsync(sql, CancellationToken);

    private async Task SendAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(system.AdminConnectionString("ecommerce") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private sealed record Change(string Key, string? Operation, string? Snapshot, JsonElement? Before, JsonElement? After)
    {
        public string Id => JsonDocument.Parse(Key).RootElement.EnumerateObject().First().Value.GetString()!;

        public string? Name => After?.TryGetProperty("name", out var name) == true ? name.GetString() : null;

        public static Change Of(ConsumeResult<byte[], byte[]> record)
        {
            var key = Encoding.UTF8.GetString(record.Message.Key);
            if (record.Message.Value is null)
            {
                return new(key, null, null, null, null);
            }

            var value = JsonDocument.Parse(record.Message.Value).RootElement;
            return new(key, value.GetProperty("op").GetString(), value.GetProperty("source").GetProperty("snapshot").GetString(), Member("before"), Member("after"));

            JsonElement? Member(string name) => value.GetProperty(name) is { ValueKind: not JsonValueKind.Null } member ? member : null;
        }
    }
}
