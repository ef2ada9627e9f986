using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace EventDriven.Connect.Tests;

/// <summary>Customers, products and orders as a shop has them, made over the API from one seed.</summary>
internal sealed class ShopTraffic(HttpClient api, int seed)
{
    private static readonly string[] Names = ["Zoë", "Łukasz", "Анна", "李雷", "O'Neill \"Bo\"", "😀 Gift & Co <1>", "Ada"];

    private int _sent;

    /// <summary>Sends that many commands that succeed, of every kind, over several connections at once.</summary>
    public async Task RunAsync(int commands, CancellationToken cancellationToken) => await Task.WhenAll(
        Enumerable.Range(0, 8).Select(client => Task.Run(() => ClientAsync(client, commands, cancellationToken), cancellationToken)));

    private async Task ClientAsync(int client, int commands, CancellationToken cancellationToken)
    {
        var random = new Random(seed + client);
        var customers = new List<string>();
        var products = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            customers.Add(await IdAsync(random, "/customers", Customer(random, client, i), "customerId", cancellationToken));
            products.Add(await IdAsync(random, "/products", Product(random, client, i), "productId", cancellationToken));
        }

        while (Volatile.Read(ref _sent) < commands)
        {
            switch (random.Next(10))
            {
                case 0:
                    await SendAsync(random, "PATCH", $"/customers/{Any(random, customers)}", new { lastName = Any(random, Names) + random.Next(1_000_000).ToString(CultureInfo.InvariantCulture) }, cancellationToken);
                    break;
                case 1:
                    await SendAsync(random, "PATCH", $"/products/{Any(random, products)}", new { price = random.Next(1, 100_000) / 100m }, cancellationToken);
                    break;
                case 2:
                    await SendAsync(random, "POST", $"/products/{Any(random, products)}/stock-adjustments", new { delta = random.Next(1, 50), reason = "delivery" }, cancellationToken);
                    break;
                default:
                    await OrderAsync(random, Any(random, customers), products, cancellationToken);
                    break;
            }
        }
    }

    // The life of an order, as far as chance takes it.
    private async Task OrderAsync(Random random, string customer, List<string> products, CancellationToken cancellationToken)
    {
        var order = await SendAsync(
            random,
            "POST",
            "/orders",
            new
            {
                customerId = customer,
                items = products.Take(random.Next(1, 4)).Select(product => new { productId = product, quantity = random.Next(1, 4) }),
                shippingAddress = new { street = $"{random.Next(1, 99)} rue de l'Été 😀", city = "Orléans", zip = "45000", country = "FR" },
            },
            cancellationToken);
        var path = $"/orders/{order["orderId"]}";
        if (random.Next(3) == 0)
        {
            order = await SendAsync(random, "POST", $"{path}/items", new { productId = products[4], quantity = 1 }, cancellationToken);
            if (random.Next(2) == 0)
            {
                order = await SendAsync(random, "DELETE", $"{path}/items/{products[4]}", body: null, cancellationToken);
            }
        }

        if (random.Next(8) == 0)
        {
            await SendAsync(random, "POST", $"{path}/cancellation", new { reason = "changed \\ my \"mind\"" }, cancellationToken);
            return;
        }

        await SendAsync(random, "POST", $"{path}/payment", new { amount = order["totalAmount"]!.GetValue<decimal>(), method = "card", reference = "r" }, cancellationToken);
        if (random.Next(2) == 0)
        {
            await SendAsync(random, "POST", $"{path}/shipment", new { carrier = "DHL", trackingNumber = "T1" }, cancellationToken);
            await SendAsync(random, "POST", $"{path}/delivery", body: null, cancellationToken);
        }
    }

    private async Task<string> IdAsync(Random random, string path, object body, string member, CancellationToken cancellationToken) =>
        (await SendAsync(random, "POST", path, body, cancellationToken))[member]!.GetValue<string>();

    private async Task<JsonObject> SendAsync(Random random, string method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };

        // Some callers are part of a trace, and some of those have vendors' state.
        if (random.Next(2) == 0)
        {
            request.Headers.Add("traceparent", $"00-{random.NextInt64(1, long.MaxValue):x32}-{random.NextInt64(1, long.MaxValue):x16}-01");
            if (random.Next(2) == 0)
            {
                request.Headers.Add("tracestate", "shop=t61rcWkgMzE,other=1");
            }
        }

        using var response = await api.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        Interlocked.Increment(ref _sent);
        return JsonNode.Parse(text)!.AsObject();
    }

    private static object Customer(Random random, int client, int number) =>
        new { firstName = Any(random, Names), lastName = Any(random, Names), email = string.Create(CultureInfo.InvariantCulture, $"c{client}-{number}@example.org"), tier = "gold" };

    private static object Product(Random random, int client, int number) =>
        new { sku = string.Create(CultureInfo.InvariantCulture, $"SKU-{client}-{number}"), name = Any(random, Names), price = random.Next(1, 10_000) / 100m, stockQuantity = 900_000 };

    private static T Any<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
