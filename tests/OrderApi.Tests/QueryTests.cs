using System.Globalization;
using System.Text.Json.Nodes;
using EventDriven.TestSupport;

namespace EventDriven.OrderApi.Tests;

/// <summary>Queries over read models that are filled by hand, as the workers fill them.</summary>
public sealed class QueryTests(SharedMariaDb mariaDb)
{
    private const string Address = """{"street":"s","city":"c","zip":"z","country":"FR"}""";
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_hold_every_order_once_newest_first_while_new_ones_come_in()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);

        // Five orders to each instant: the id decides within one.
        var ids = Enumerable.Range(0, 25).Select(_ => Guid.CreateVersion7()).ToList();
        for (var i = 0; i < ids.Count; i++)
        {
            await ProjectAsync(api, ids[i], Start.AddMinutes(i / 5));
        }

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await api.DoAsync("GET", $"/orders?limit=4{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page["items"]!.AsArray().Select(order => order!["orderId"]!.GetValue<Guid>()));
            cursor = page["nextCursor"]?.GetValue<string>();
            await ProjectAsync(api, Guid.CreateVersion7(), Start.AddDays(1));
        }
        while (cursor is not null);

        Assert.Equal(ids.Select((id, i) => (id, i)).OrderByDescending(order => order.i / 5).ThenByDescending(order => order.id).Select(order => order.id), seen);
    }

    [Fact]
    public async Task Orders_are_found_by_customer_state_and_time()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var other = Guid.CreateVersion7();
        await ProjectAsync(api, Guid.CreateVersion7(), Start);
        await ProjectAsync(api, Guid.CreateVersion7(), Start.AddDays(1), status: "paid");
        await ProjectAsync(api, Guid.CreateVersion7(), Start.AddDays(2), customer: other);
        async Task<int> CountAsync(string query) => (await api.DoAsync("GET", "/orders?" + query))["items"]!.AsArray().Count;
        Assert.Equal(3, await CountAsync(""));
        Assert.Equal(1, await CountAsync($"customerId={other}"));
        Assert.Equal(1, await CountAsync("status=paid"));
        Assert.Equal(0, await CountAsync($"status=paid&customerId={other}"));
        Assert.Equal(2, await CountAsync("from=2026-02-01"));
        Assert.Equal(1, await CountAsync("to=2026-02-01"));
        Assert.Equal(1, await CountAsync("from=2026-01-31T12:00:00Z&to=2026-02-01T13:00:00%2B01:00"));
        Assert.Equal(2, await CountAsync("from=2026-01-31T12:00:00Z&to=2026-02-01T13:00:00.000001%2B01:00"));
    }

    [Fact]
    public async Task A_query_waits_for_the_version_that_was_written()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation, ("Limits:ProjectionWait", "00:00:09"));
        var id = Guid.CreateVersion7();
        await ProjectAsync(api, id, Start);
        var waiting = api.SendAsync("GET", $"/orders/{id}?minVersion=2");
        Assert.NotSame(waiting, await Task.WhenAny(waiting, Task.Delay(200, Cancellation)));
        await api.ExecuteAsync($"UPDATE orders_projection SET version = 2, status = 'paid', paid_at = '2026-01-31 12:00:01.5' WHERE order_id = '{id}'", "readmodel");
        using var response = await waiting;
        Assert.Equal("\"2\"", response.Headers.ETag?.Tag);
        var order = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal("2026-01-31T12:00:01.500000Z", order["paidAt"]!.GetValue<string>());
        Assert.Equal("paid", order["status"]!.GetValue<string>());
        Assert.Equal("9.99", order["items"]![0]!["unitPrice"]!.ToJsonString());
        Assert.Null(order["shippedAt"]);
    }

    [Fact]
    public async Task Products_customers_dashboard_and_minutes_come_from_the_read_side()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        for (var i = 0; i < 5; i++)
        {
            await api.ExecuteAsync($"INSERT INTO products_projection VALUES (UUID(), 'SKU-{i}', 'n', 1.5, 3, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 1)", "readmodel");
        }

        var first = await api.DoAsync("GET", "/products?limit=3");
        var second = await api.DoAsync("GET", $"/products?limit=3&cursor={first["nextCursor"]}");
        Assert.Equal(
            ["SKU-0", "SKU-1", "SKU-2", "SKU-3", "SKU-4"],
            first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(product => product!["sku"]!.GetValue<string>()));
        Assert.Null(second["nextCursor"]);

        await api.ExecuteAsync(
            $"INSERT INTO customers_projection VALUES ('{ApiUnderTest.Ada}', 'Ada', 'Lovelace', 'ada@example.com', 'gold', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 1)", "readmodel");
        Assert.Equal("Lovelace", (await api.DoAsync("GET", $"/customers/{ApiUnderTest.Ada}"))["lastName"]!.GetValue<string>());

        await ProjectAsync(api, Guid.CreateVersion7(), DateTimeOffset.UtcNow);
        using var dashboard = await api.SendAsync("GET", "/dashboard/orders");
        var day = JsonNode.Parse(await dashboard.Content.ReadAsStringAsync(Cancellation))![0]!;
        Assert.Equal(("pending", 1, "16.90"), (day["status"]!.GetValue<string>(), day["orderCount"]!.GetValue<int>(), day["averageOrderValue"]!.ToJsonString()));

        await api.ExecuteAsync(
            "INSERT INTO orders_per_minute (window_start, order_count, revenue, updated_at) VALUES ('2026-01-31 12:00:00', 3, 50.00, UTC_TIMESTAMP(6))", "analytics");
        using var minutes = await api.SendAsync("GET", "/analytics/orders-per-minute");
        var list = JsonNode.Parse(await minutes.Content.ReadAsStringAsync(Cancellation))!.AsArray();
        Assert.Equal([0, 3], list.Select(minute => minute!["orderCount"]!.GetValue<int>()));
        Assert.Equal(("2026-01-31T12:01:00.000000Z", "16.67"), (list[1]!["windowEnd"]!.GetValue<string>(), list[1]!["averageOrderValue"]!.ToJsonString()));
    }

    private static Task ProjectAsync(ApiUnderTest api, Guid id, DateTimeOffset at, string status = "pending", Guid? customer = null) => api.ExecuteAsync(
        string.Create(CultureInfo.InvariantCulture, $$"""
            INSERT INTO orders_projection (order_id, order_number, customer_id, status, payment_status, fulfillment_status, subtotal, tax_amount, shipping_amount,
                total_amount, items, items_count, shipping_address, billing_address, ordered_at, version, last_event_id, last_event_type, projected_at)
            VALUES ('{{id}}', 'ORD-1', '{{customer ?? ApiUnderTest.Ada}}', '{{status}}', 'pending', 'unfulfilled', 10, 2, 4.9, 16.9,
                '[{"productId":"{{ApiUnderTest.Mug}}","sku":"MUG-005","name":"Mug","quantity":1,"unitPrice":9.99,"lineTotal":9.99}]', 1,
                '{{Address}}', '{{Address}}', '{{at.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}}', 1, UUID(), 'OrderCreated', UTC_TIMESTAMP(6))
            """),
        "readmodel");
}
