using EventDriven.Contracts;
using EventDriven.TestSupport;
using Json.Schema;

namespace EventDriven.OrderApi.Tests;

public sealed class EventTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_event_type_is_produced_and_satisfies_its_schema()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await api.OrderInAsync(OrderStatus.Delivered);
        var order = await api.OrderInAsync(OrderStatus.Cancelled);
        order = await api.OrderInAsync(OrderStatus.Pending);
        await api.DoAsync("POST", $"/orders/{order["orderId"]}/items", new { productId = ApiUnderTest.Mouse, quantity = 3 });
        await api.DoAsync("DELETE", $"/orders/{order["orderId"]}/items/{ApiUnderTest.Mug}");
        await api.DoAsync("PATCH", $"/customers/{ApiUnderTest.Ada}", new { firstName = "Augusta \"Ada\" / ☕" });
        await api.DoAsync("PATCH", $"/products/{ApiUnderTest.Mug}", new { price = 10m });
        await api.DoAsync("POST", $"/products/{ApiUnderTest.Mug}/stock-adjustments", new { delta = 7, reason = "delivery" });

        var outbox = await api.OutboxAsync();
        Assert.Equal(EventJson.EventTypes.Order(StringComparer.Ordinal), outbox.Select(row => row.EventType).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var options = new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
        var schemas = EventJson.EventTypes.ToDictionary(type => type, type => JsonSchema.FromText(File.ReadAllText(SchemaFile(type))), StringComparer.Ordinal);
        Assert.All(outbox, row =>
        {
            var result = schemas[row.EventType].Evaluate(row.Json, options);
            Assert.True(result.IsValid, $"{row.EventType} {row.Payload}");
            Assert.Equal((row.Event.AggregateType, row.Event.AggregateId), (row.AggregateType, row.AggregateId));
        });
        Versions.AssertDense(outbox);
    }

    [Fact]
    public void A_payload_that_lacks_a_member_or_has_a_third_decimal_does_not_satisfy_the_schema()
    {
        var text = File.ReadAllText(SchemaFile("PaymentReceived")).Replace("urn:event:", "urn:test:", StringComparison.Ordinal); // The library takes an id once.
        var schema = JsonSchema.FromText(text);
        static bool Satisfies(JsonSchema schema, string json) => schema.Evaluate(System.Text.Json.JsonDocument.Parse(json).RootElement).IsValid;
        const string Good = """{"orderId":"01970000-0000-7000-8000-000000000001","amount":1.25,"method":"card","reference":"r","paidAt":"2026-01-31T12:00:00.000000Z"}""";
        Assert.True(Satisfies(schema, Good));
        Assert.False(Satisfies(schema, Good.Replace("1.25", "1.255", StringComparison.Ordinal)));
        Assert.False(Satisfies(schema, Good.Replace(",\"method\":\"card\"", "", StringComparison.Ordinal)));
        Assert.False(Satisfies(schema, Good.Replace(".000000Z", "Z", StringComparison.Ordinal)));
    }

    private static string SchemaFile(string eventType)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EventDriven.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "docs", "events", $"{eventType}.schema.json");
    }
}
