using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventDriven.Contracts;
using EventDriven.Migrator;
using EventDriven.OrderApi.Commands;
using EventDriven.TestSupport;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using MySqlConnector;

namespace EventDriven.OrderApi.Tests;

/// <summary>The API on Kestrel at a port of its own, over databases of its own with the sample data, and a client of it.</summary>
internal sealed class ApiUnderTest : WebApplicationFactory<CommandRunner>
{
    private const int LargeBody = 64 * 1024;

    private readonly IReadOnlyDictionary<string, string> _settings;

    private ApiUnderTest(TestDatabases databases, IReadOnlyDictionary<string, string> settings)
    {
        (Databases, _settings) = (databases, settings);

        // Not UseKestrel(0): it sets the address after the entry point may already have started the server.
        UseKestrel();
        StartServer();
        ClientOptions.AllowAutoRedirect = false;
        Http = CreateClient();
    }

    public static Guid Ada => SampleData.Customers[0].Id;

    public static Guid Keyboard => SampleData.Products[0].Id;

    public static Guid Mouse => SampleData.Products[1].Id;

    public static Guid Mug => SampleData.Products[4].Id;

    public TestDatabases Databases { get; }

    public HttpClient Http { get; }

    public static async Task<ApiUnderTest> StartAsync(
        MariaDbServer server, CancellationToken cancellationToken, params (string Name, string Value)[] settings) => new(
            await TestDatabases.CreateAsync(server, cancellationToken, seed: true),
            settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal));

    /// <summary>What the API's process is told about databases.</summary>
    public static Dictionary<string, string?> ConnectionStrings(TestDatabases databases) =>
        new[] { "ecommerce", "readmodel", "analytics" }.ToDictionary(
            database => $"ConnectionStrings:{database}", database => (string?)databases.ConnectionString("order_api", database), StringComparer.Ordinal);

    public static JsonObject Order(params (Guid Product, int Quantity)[] items) => new()
    {
        ["customerId"] = Ada,
        ["items"] = new JsonArray([.. items.Select(item => new JsonObject { ["productId"] = item.Product, ["quantity"] = item.Quantity })]),
        ["shippingAddress"] = new JsonObject { ["street"] = "1 rue de la Paix", ["city"] = "Orléans", ["zip"] = "45000", ["country"] = "FR" },
    };

    public async Task<HttpResponseMessage> SendAsync(
        string method, string path, object? body = null, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            HttpContent content => content,
            _ => JsonContent.Create(body, body.GetType()),
        };
        // A server that refuses a large body answers before it has all of it: who has not asked first may find the connection closed amid sending.
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength is null or > LargeBody ? true : null;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a command that must succeed, and returns its answer.</summary>
    public async Task<JsonObject> DoAsync(string method, string path, object? body = null, params IEnumerable<(string Name, string Value)> headers)
    {
        using var response = await SendAsync(method, path, body, headers);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>A new order brought to a state.</summary>
    public async Task<JsonObject> OrderInAsync(OrderStatus status, params (Guid Product, int Quantity)[] items)
    {
        var order = await DoAsync("POST", "/orders", Order(items is [] ? [(Keyboard, 1), (Mug, 2)] : items));
        var path = $"/orders/{order["orderId"]}";
        if (status is OrderStatus.Paid or OrderStatus.Shipped or OrderStatus.Delivered)
        {
            order = await DoAsync("POST", path + "/payment", new { amount = order["totalAmount"]!.GetValue<decimal>(), method = "card", reference = "r" });
        }

        if (status is OrderStatus.Shipped or OrderStatus.Delivered)
        {
            order = await DoAsync("POST", path + "/shipment", new { carrier = "DHL", trackingNumber = "T1" });
        }

        return status switch
        {
            OrderStatus.Delivered => await DoAsync("POST", path + "/delivery"),
            OrderStatus.Cancelled => await DoAsync("POST", path + "/cancellation", new { reason = "twice" }),
            _ => order,
        };
    }

    /// <summary>The outbox in the order in which it was written.</summary>
    public async Task<List<OutboxRow>> OutboxAsync()
    {
        await using var connection = await Databases.AdminDataSource("ecommerce").OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new MySqlCommand(
            "SELECT aggregate_type, aggregate_id, aggregate_version, event_type, payload, causation_id FROM outbox_events ORDER BY sequence", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<OutboxRow>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(new(
                reader.GetString(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return rows;
    }

    public async Task<T> ScalarAsync<T>(string sql, string database = "ecommerce")
    {
        await using var command = Databases.AdminDataSource(database).CreateCommand(sql);
        return (T)Convert.ChangeType(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), typeof(T), CultureInfo.InvariantCulture)!;
    }

    public async Task ExecuteAsync(string sql, string database = "ecommerce")
    {
        await using var command = Databases.AdminDataSource(database).CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await base.DisposeAsync();
        await Databases.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        foreach (var (name, value) in ConnectionStrings(Databases))
        {
            builder.UseSetting(name, value);
        }

        builder.UseSetting("Logging:LogLevel:Default", "Critical");
        builder.UseSetting("Logging:LogLevel:MySqlConnector", "None");
        builder.UseSetting("Logging:LogLevel:Microsoft.AspNetCore", "Critical");
        builder.UseSetting("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Critical");
        builder.UseSetting("Limits:RequestsPerSecond", "0");
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }
    }
}

/// <summary>A row of the outbox.</summary>
internal sealed record OutboxRow(string AggregateType, Guid AggregateId, int Version, string EventType, string Payload, string? CausationId)
{
    public DomainEvent Event => EventJson.Read(EventType, Encoding.UTF8.GetBytes(Payload));

    public JsonElement Json => JsonDocument.Parse(Payload).RootElement;
}
