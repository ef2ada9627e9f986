using System.Text;
using System.Text.Json;
using EventDriven.AnalyticsWorker.Windows;
using EventDriven.Contracts;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.AnalyticsWorker.Tests;

public sealed class OrdersPerMinuteTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_are_counted_once_over_kills_and_duplicates_and_the_windows_are_published()
    {
        const int Orders = 600;
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await using var broker = await TestBroker.StartAsync(Cancellation);
        using var producer = new TestProducer(broker.BootstrapServers);
        var noon = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        var orders = Enumerable.Range(0, Orders).Select(index => TestEvents.OrderCreated(Guid.CreateVersion7(), total: 10.01m, at: noon.AddSeconds(index / 5))).ToList();

        // Each order twice, as after a relay's crash, and its payment, which is none of the windows' business.
        await producer.SendAsync(orders.SelectMany(order => (IEnumerable<(DomainEvent, int)>)[(order, 1), (order, 1), (TestEvents.Paid(order.OrderId), 2)]), Cancellation);

        var first = await StartAsync(broker, databases);
        await Eventually.TrueAsync(async cancellation => await ScalarAsync(databases, "SELECT SUM(order_count) FROM orders_per_minute", cancellation) is decimal and > 50, Cancellation);
        await first.DisposeAsync();
        await using var second = await StartAsync(broker, databases);
        await using var third = await StartAsync(broker, databases);

        await WindowsAsync(databases, "12:00 300 3003.00 10.01, 12:01 300 3003.00 10.01");
        var last = await Eventually.GetAsync(cancellation => PublishedAsync(broker, cancellation), last => last.Values.Sum(window => window.OrderCount) == Orders, Cancellation);
        Assert.Equal(["2026-01-31T12:00:00Z", "2026-01-31T12:01:00Z"], last.Keys.Order(StringComparer.Ordinal));
        Assert.All(last.Values, window => Assert.Equal((3003.00m, 10.01m), (window.Revenue, window.Average)));
        await Eventually.TrueAsync(async cancellation => await ScalarAsync(databases, "SELECT COUNT(*) FROM orders_per_minute WHERE unpublished = 1", cancellation) is 0L, Cancellation);

        // A window that changes again is published again.
        await producer.SendAsync([TestEvents.OrderCreated(Guid.CreateVersion7(), total: 10.02m, at: noon)], Cancellation);
        last = await Eventually.GetAsync(cancellation => PublishedAsync(broker, cancellation), last => last.Values.Sum(window => window.OrderCount) == Orders + 1, Cancellation);
        Assert.Equal((3013.02m, 10.01m), (last["2026-01-31T12:00:00Z"].Revenue, last["2026-01-31T12:00:00Z"].Average));
    }

    [Fact]
    public void A_window_on_the_wire_is_exact_and_keyed_by_its_beginning()
    {
        var message = WindowMessage.Of(new(new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero), 3, 10m, 3.33m, 2));

        Assert.Equal("2026-01-31T12:00:00Z", Encoding.UTF8.GetString(message.Key!));
        Assert.Equal(
            """{"windowStart":"2026-01-31T12:00:00.000000Z","orderCount":3,"revenue":10.00,"average":3.33,"version":2}""",
            Encoding.UTF8.GetString(message.Value!));
    }

    private static async Task<TestProcess> StartAsync(TestBroker broker, TestDatabases databases) =>
        await TestProcess.StartDotnetAsync(
            typeof(OrderWindows).Assembly,
            [],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__kafka"] = broker.BootstrapServers,
                ["ConnectionStrings__analytics"] = databases.ConnectionString("analytics_worker", "analytics"),
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Consumer__MaxBatch"] = "100",
                ["Analytics__PublishEvery"] = "00:00:00.100",
                ["Aspire__Confluent__Kafka__Consumer__Config__SessionTimeoutMs"] = "3000",
                ["Aspire__Confluent__Kafka__Consumer__Config__HeartbeatIntervalMs"] = "500",
            },
            Cancellation);

    private static async Task WindowsAsync(TestDatabases databases, string expected) =>
        await Eventually.GetAsync(
            async cancellation => await ScalarAsync(
                databases,
                "SELECT GROUP_CONCAT(CONCAT_WS(' ', DATE_FORMAT(window_start, '%H:%i'), order_count, revenue, average) ORDER BY window_start SEPARATOR ', ') FROM orders_per_minute",
                cancellation) as string,
            windows => string.Equals(windows, expected, StringComparison.Ordinal),
            Cancellation);

    private static async Task<Dictionary<string, OrdersPerMinute>> PublishedAsync(TestBroker broker, CancellationToken cancellationToken)
    {
        Dictionary<string, OrdersPerMinute> last = new(StringComparer.Ordinal);
        foreach (var record in await broker.ReadAllAsync(Topics.OrdersPerMinute.Name, cancellationToken))
        {
            last[Encoding.UTF8.GetString(record.Message.Key!)] = JsonSerializer.Deserialize(record.Message.Value, AnalyticsJsonContext.Default.OrdersPerMinute)!;
        }

        return last;
    }

    private static async Task<object?> ScalarAsync(TestDatabases databases, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await databases.AdminDataSource("analytics").OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
