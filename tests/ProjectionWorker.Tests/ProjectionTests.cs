using EventDriven.Contracts;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.ProjectionWorker.Tests;

public sealed class ProjectionTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_customers_and_products_are_projected_and_an_order_shows_its_customer_whichever_came_first()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await using var broker = await TestBroker.StartAsync(Cancellation);
        using var producer = new TestProducer(broker.BootstrapServers);
        await using var worker = await StartAsync(broker, databases);
        var (early, late, product) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var (orderOfEarly, orderOfLate) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await producer.SendAsync([new CustomerRegistered(early, "Ada", "Lovelace", "ada@example.com", CustomerTier.Gold, TestEvents.At)], Cancellation);
        await RowAsync(databases, $"SELECT CONCAT(first_name, '|', tier, '|', version) FROM customers_projection WHERE customer_id = '{early}'", "Ada|gold|1");
        await producer.SendAsync(TestEvents.Order(orderOfEarly, early), Cancellation);
        await producer.SendAsync(TestEvents.Order(orderOfLate, late)[..2], Cancellation);
        await RowAsync(
            databases,
            $"""
             SELECT CONCAT_WS('|', customer_name, customer_email, status, payment_status, fulfillment_status, total_amount, items_count, ordered_at, delivered_at, version,
                 JSON_VALUE(items, '$[0].name'), JSON_VALUE(items, '$[0].unitPrice'), JSON_VALUE(shipping_address, '$.city'), last_event_type)
             FROM orders_projection WHERE order_id = '{orderOfEarly}'
             """,
            "Ada Lovelace|ada@example.com|delivered|paid|fulfilled|16.90|1|2026-01-31 12:00:30.123456|2026-01-31 12:03:30.123456|4|Café crème ☕|5.00|Orléans|OrderDelivered");
        await RowAsync(databases, $"SELECT COALESCE(customer_name, 'nobody yet') FROM orders_projection WHERE order_id = '{orderOfLate}'", "nobody yet");

        await producer.SendAsync([new CustomerRegistered(late, "Alan", "Turing", "alan@example.com", CustomerTier.Standard, TestEvents.At)], Cancellation);
        await RowAsync(databases, $"SELECT customer_name FROM orders_projection WHERE order_id = '{orderOfLate}'", "Alan Turing");
        await producer.SendAsync([(new CustomerUpdated(early, "Ada", "King", "ada@example.org", CustomerTier.Gold, TestEvents.At), 2)], Cancellation);
        await RowAsync(databases, $"SELECT CONCAT(customer_name, '|', customer_email) FROM orders_projection WHERE order_id = '{orderOfEarly}'", "Ada King|ada@example.org");
        await RowAsync(databases, $"SELECT CAST(registered_at AS CHAR) FROM customers_projection WHERE customer_id = '{early}'", "2026-01-31 12:00:30.123456");

        await producer.SendAsync(
            [
                new ProductListed(product, "SKU-1", "Café", 5m, 100, TestEvents.At),
                new StockAdjusted(product, -2, 98, "reserved", orderOfEarly, TestEvents.At),
                new ProductUpdated(product, "SKU-1", "Café noir", 5.50m, TestEvents.At),
            ],
            Cancellation);
        await RowAsync(databases, $"SELECT CONCAT_WS('|', sku, name, price, stock_quantity, version) FROM products_projection WHERE product_id = '{product}'", "SKU-1|Café noir|5.50|98|3");
    }

    [Fact]
    public async Task A_worker_killed_in_the_middle_continues_where_the_database_says()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await using var broker = await TestBroker.StartAsync(Cancellation);
        using var producer = new TestProducer(broker.BootstrapServers);
        var customer = Guid.CreateVersion7();
        var orders = Enumerable.Range(0, 1000).Select(_ => Guid.CreateVersion7()).ToList();
        await Task.WhenAll(orders.Select(order => producer.SendAsync(TestEvents.Order(order, customer), Cancellation)));

        var first = await StartAsync(broker, databases, ("Consumer__MaxBatch", "50"));
        await Eventually.TrueAsync(async _ => await CountAsync(databases, "orders_projection") > 100, Cancellation);
        await first.KillAsync(Cancellation);
        var before = await CountAsync(databases, "orders_projection");
        await using var second = await StartAsync(broker, databases);

        await Eventually.TrueAsync(async _ => await CountAsync(databases, "orders_projection WHERE version = 4 AND status = 'delivered'") == 1000, Cancellation);
        Assert.InRange(before, 100, 999);
        Assert.Equal(4000m, await ScalarAsync(databases, "SELECT SUM(next_offset) FROM consumer_offsets", Cancellation));
        Assert.Equal(0, await CountAsync(databases, "parked_aggregates"));
        await first.DisposeAsync();
    }

    private static async Task<TestProcess> StartAsync(TestBroker broker, TestDatabases databases, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__kafka"] = broker.BootstrapServers,
            ["ConnectionStrings__readmodel"] = databases.ConnectionString("projection_worker", "readmodel"),
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Aspire__Confluent__Kafka__Consumer__Config__SessionTimeoutMs"] = "3000",
            ["Aspire__Confluent__Kafka__Consumer__Config__HeartbeatIntervalMs"] = "500",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return await TestProcess.StartDotnetAsync(typeof(Projector).Assembly, [], environment, Cancellation);
    }

    private static async Task RowAsync(TestDatabases databases, string sql, string expected) =>
        await Eventually.GetAsync(
            async cancellation => await ScalarAsync(databases, sql, cancellation) as string, value => string.Equals(value, expected, StringComparison.Ordinal), Cancellation);

    private static async Task<long> CountAsync(TestDatabases databases, string table) => (long)(await ScalarAsync(databases, $"SELECT COUNT(*) FROM {table}", Cancellation))!;

    private static async Task<object?> ScalarAsync(TestDatabases databases, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await databases.AdminDataSource("readmodel").OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
