using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EventDriven.TestSupport;

namespace EventDriven.EndToEnd;

/// <summary>The order API as a customer of the shop uses it.</summary>
internal sealed class Shop(HttpClient http)
{
    /// <summary>Places an order for one piece of a seeded product by a seeded customer.</summary>
    public async Task<JsonObject> PlaceOrderAsync(CancellationToken cancellationToken, HttpRequestMessage? request = null)
    {
        var order = new JsonObject
        {
            ["customerId"] = SeededCustomer,
            ["items"] = new JsonArray(new JsonObject { ["productId"] = SeededProduct, ["quantity"] = 1 }),
            ["shippingAddress"] = new JsonObject { ["street"] = "1 rue de la Paix", ["city"] = "Paris", ["zip"] = "75002", ["country"] = "FR" },
        };
        using var message = request ?? new HttpRequestMessage(HttpMethod.Post, "/orders");
        message.Content = JsonContent.Create(order);
        using var response = await http.SendAsync(message, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{(int)response.StatusCode}: {body}");
        Assert.NotNull(response.Headers.Location);
        return JsonNode.Parse(body)!.AsObject();
    }

    /// <summary>The order as the read model has it, or null while it has none.</summary>
    public async Task<JsonObject?> FindOrderAsync(string orderId, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri($"/orders/{orderId}", UriKind.Relative), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
    }

    /// <summary>Waits until the read model has the order.</summary>
    public async Task<JsonObject> WaitForOrderAsync(string orderId, CancellationToken cancellationToken) =>
        (await Eventually.GetAsync(cancellation => FindOrderAsync(orderId, cancellation), order => order is not null, cancellationToken))!;

    /// <summary>The one-minute windows, the newest first.</summary>
    public async Task<IReadOnlyList<OrdersWindow>> OrdersPerMinuteAsync(CancellationToken cancellationToken)
    {
        var body = await http.GetStringAsync(new Uri("/analytics/orders-per-minute", UriKind.Relative), cancellationToken);
        var root = JsonNode.Parse(body)!;
        return [.. (root as JsonArray ?? root["items"]!.AsArray()).Select(window => new OrdersWindow(
            window!["windowStart"]!.GetValue<DateTimeOffset>(),
            window["orderCount"]!.GetValue<long>(),
            window["revenue"]!.GetValue<decimal>(),
            window["averageOrderValue"]!.GetValue<decimal>()))];
    }

    private const string SeededCustomer = "01970000-0000-7000-8000-000000000001";
    private const string SeededProduct = "01970000-0000-7000-8000-000000000102";
}

/// <summary>A one-minute window of the analytics.</summary>
internal sealed record OrdersWindow(DateTimeOffset WindowStart, long OrderCount, decimal Revenue, decimal Average);
