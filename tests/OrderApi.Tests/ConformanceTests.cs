using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EventDriven.Contracts;
using EventDriven.TestSupport;

namespace EventDriven.OrderApi.Tests;

/// <summary>The interface, rule by rule: what is sent, and what must come back.</summary>
public sealed class ConformanceTests(SharedMariaDb mariaDb)
{
    private static readonly Guid Nobody = Guid.Parse("01970000-0000-7000-8000-00000000dead");

    [Fact]
    public async Task Every_rule_holds()
    {
        // One row after the other on one API; the name of each that fails is in the message.
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var broken = new List<string>();
        foreach (var rule in All())
        {
            using var response = await rule.Send(api);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (Violation(rule, response, text) is { } violation)
            {
                broken.Add($"{rule.Name}: {violation}; got {(int)response.StatusCode} {text}");
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    private static string? Violation(Rule rule, HttpResponseMessage response, string text)
    {
        if ((int)response.StatusCode != rule.Status)
        {
            return $"status {rule.Status} expected";
        }

        var body = JsonNode.Parse(text);
        if (rule.Status >= 400)
        {
            if (!string.Equals(response.Content.Headers.ContentType?.MediaType, "application/problem+json", StringComparison.Ordinal))
            {
                return "no problem+json";
            }

            if (body?["status"]?.GetValue<int>() != rule.Status || body["title"] is null || body["traceId"] is null
                || !string.Equals(body["type"]!.GetValue<string>(), "urn:problem:order-api:" + rule.Problem, StringComparison.Ordinal))
            {
                return $"problem {rule.Problem} expected";
            }

            if (text.Contains(" at EventDriven", StringComparison.Ordinal) || text.Contains("SELECT", StringComparison.Ordinal) || text.Contains("MySql", StringComparison.Ordinal))
            {
                return "tells of its inside";
            }

            var fields = (body["errors"]?.AsObject().Select(error => error.Key) ?? []).ToList();
            if (rule.Fields is not null && !rule.Fields.Order(StringComparer.Ordinal).SequenceEqual(fields.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            {
                return $"errors of {string.Join(", ", rule.Fields)} expected";
            }
        }

        return rule.Check?.Invoke(response, body!) == false ? "its check fails" : null;
    }

    private static IEnumerable<Rule> All()
    {
        // Orders
        yield return new("An order is created", api => api.SendAsync("POST", "/orders", ApiUnderTest.Order((ApiUnderTest.Keyboard, 2))), 201, Check: (response, body) =>
            string.Equals(response.Headers.Location?.ToString(), $"/orders/{body["orderId"]}", StringComparison.Ordinal)
            && response.Headers.ETag?.Tag is "\"1\"" && body["version"]!.GetValue<int>() == 1
            && body["orderNumber"]!.GetValue<string>().StartsWith("ORD-", StringComparison.Ordinal)
            && body["status"]!.GetValue<string>() is "pending" && body["links"]!["pay"] is not null
            && body["totalAmount"]!.ToJsonString() is "191.76" && body["shippingAmount"]!.ToJsonString() is "0.00");
        yield return new("Every field's error is told at once", api => api.SendAsync("POST", "/orders",
            """{"customerId":"x","items":[{"productId":"y","quantity":0},{"productId":"01970000-0000-7000-8000-000000000101","quantity":1.5},{"productId":"01970000-0000-7000-8000-000000000101","quantity":1}],"shippingAddress":{"street":" ","zip":"12345678901234567","country":"France"},"billingAddress":{}}"""),
            400, "invalid-request",
            ["customerId", "items[0].productId", "items[0].quantity", "items[1].quantity", "items[2].productId", "shippingAddress.street", "shippingAddress.city",
                "shippingAddress.zip", "shippingAddress.country", "billingAddress.street", "billingAddress.city", "billingAddress.zip", "billingAddress.country"]);
        yield return new("A number out of range is a field's error", api => api.SendAsync("POST", "/orders",
            """{"customerId":"01970000-0000-7000-8000-000000000001","items":[{"productId":"01970000-0000-7000-8000-000000000101","quantity":99999999999999999999999999999999}],"shippingAddress":{"street":"s","city":"c","zip":"z","country":"FR"}}"""),
            400, "invalid-request", ["items[0].quantity"]);
        yield return new("A wrong type is a field's error", api => api.SendAsync("POST", "/orders", """{"customerId":3}"""), 400, "invalid-request", ["customerId"]);
        yield return new("At most 100 lines", api => api.SendAsync("POST", "/orders", ApiUnderTest.Order([.. Enumerable.Range(0, 101).Select(_ => (Guid.CreateVersion7(), 1))])),
            400, "invalid-request", ["items"]);
        yield return new("At least one line", api => api.SendAsync("POST", "/orders", ApiUnderTest.Order()), 400, "invalid-request", ["items"]);
        yield return new("Unknown customer and product are told together", api =>
        {
            var order = ApiUnderTest.Order((ApiUnderTest.Keyboard, 1), (Nobody, 1));
            order["customerId"] = Nobody;
            return api.SendAsync("POST", "/orders", order);
        }, 422, "invalid-request", ["customerId", "items[1].productId"]);
        yield return new("Stock that is not there", async api =>
        {
            var rare = await api.DoAsync("POST", "/products", new { sku = "RARE", name = "rare", price = 5m, stockQuantity = 1 });
            return await api.SendAsync("POST", "/orders", ApiUnderTest.Order((rare["productId"]!.GetValue<Guid>(), 2)));
        }, 409, "out-of-stock", Check: (_, body) => body["shortages"]![0]!["available"]!.GetValue<int>() == 1);
        yield return new("The client's price counts for nothing", api => api.SendAsync("POST", "/orders",
            """{"customerId":"01970000-0000-7000-8000-000000000001","items":[{"productId":"01970000-0000-7000-8000-000000000105","quantity":1,"unitPrice":0.01}],"shippingAddress":{"street":"s","city":"c","zip":"z","country":"FR"}}"""),
            201, Check: (_, body) => body["items"]![0]!["unitPrice"]!.ToJsonString() is "9.99");

        // Steps: every step in every state that does not allow it.
        var steps = new (string Name, OrderStatus[] AllowedIn, string Method, string Path, object? Body)[]
        {
            ("add-item", [OrderStatus.Pending], "POST", "/items", new { productId = ApiUnderTest.Mouse, quantity = 1 }),
            ("remove-item", [OrderStatus.Pending], "DELETE", $"/items/{ApiUnderTest.Mug}", null),
            ("pay", [OrderStatus.Pending], "POST", "/payment", new { amount = 1m, method = "card", reference = "r" }),
            ("ship", [OrderStatus.Paid], "POST", "/shipment", new { carrier = "DHL", trackingNumber = "T" }),
            ("deliver", [OrderStatus.Shipped], "POST", "/delivery", null),
            ("cancel", [OrderStatus.Pending, OrderStatus.Paid], "POST", "/cancellation", new { reason = "r" }),
        };
        foreach (var step in steps)
        {
            foreach (var state in Enum.GetValues<OrderStatus>().Where(state => !step.AllowedIn.Contains(state)))
            {
                yield return new($"No {step.Name} of an order that is {state}", async api =>
                {
                    var order = await api.OrderInAsync(state);
                    return await api.SendAsync(step.Method, $"/orders/{order["orderId"]}{step.Path}", step.Body);
                }, 409, "illegal-step", Check: (_, body) => string.Equals(body["state"]!.GetValue<string>(), $"{state}", StringComparison.OrdinalIgnoreCase)
                    && body["allowed"] is JsonArray);
            }

            yield return new($"No {step.Name} of an order that is not there", api => api.SendAsync(step.Method, $"/orders/{Nobody}{step.Path}", step.Body), 404, "not-found");
            yield return new($"No {step.Name} of another version", async api =>
            {
                var order = await api.OrderInAsync(step.AllowedIn[0]);
                return await api.SendAsync(step.Method, $"/orders/{order["orderId"]}{step.Path}", step.Body, ("If-Match", "\"99\""));
            }, 412, "version-mismatch", Check: (_, body) => body["currentVersion"]!.GetValue<int>() >= 1);
        }

        yield return new("The version that was seen is taken", async api =>
        {
            var order = await api.OrderInAsync(OrderStatus.Pending);
            return await api.SendAsync("POST", $"/orders/{order["orderId"]}/cancellation", new { reason = "r" }, ("If-Match", "\"7\", \"1\""));
        }, 200, Check: (response, body) => response.Headers.ETag?.Tag is "\"2\"" && body["refundDue"]!.ToJsonString() is "0.00");
        yield return new("A weak tag never matches", async api =>
        {
            var order = await api.OrderInAsync(OrderStatus.Pending);
            return await api.SendAsync("POST", $"/orders/{order["orderId"]}/cancellation", new { reason = "r" }, ("If-Match", "W/\"1\""));
        }, 412, "version-mismatch");
        yield return new("If-Match must be entity tags", api => api.SendAsync("POST", $"/orders/{Nobody}/delivery", null, ("If-Match", "1")), 400, "invalid-request", ["If-Match"]);
        yield return new("A paid order that is cancelled says what is to be paid back", async api =>
        {
            var order = await api.OrderInAsync(OrderStatus.Paid);
            return await api.SendAsync("POST", $"/orders/{order["orderId"]}/cancellation", new { reason = "r" });
        }, 200, Check: (_, body) => string.Equals(body["refundDue"]!.ToJsonString(), body["totalAmount"]!.ToJsonString(), StringComparison.Ordinal));
        yield return new("The full amount is paid, no other", async api =>
        {
            var order = await api.OrderInAsync(OrderStatus.Pending);
            return await api.SendAsync("POST", $"/orders/{order["orderId"]}/payment", new { amount = 1m, method = "card", reference = "r" });
        }, 422, "invalid-request", ["amount"]);
        yield return new("A payment's fields", api => api.SendAsync("POST", $"/orders/{Nobody}/payment", new { amount = 1.001m, method = "", reference = "a\nb" }),
            400, "invalid-request", ["amount", "method", "reference"]);
        yield return new("A product has one line", async api =>
        {
            var order = await api.OrderInAsync(OrderStatus.Pending);
            return await api.SendAsync("POST", $"/orders/{order["orderId"]}/items", new { productId = ApiUnderTest.Keyboard, quantity = 1 });
        }, 409, "duplicate-line");
        yield return new("The last line stays", async api =>
        {
            var order = await api.OrderInAsync(OrderStatus.Pending, (ApiUnderTest.Mug, 1));
            return await api.SendAsync("DELETE", $"/orders/{order["orderId"]}/items/{ApiUnderTest.Mug}");
        }, 409, "last-line");
        yield return new("A line that is not there", async api =>
        {
            var order = await api.OrderInAsync(OrderStatus.Pending);
            return await api.SendAsync("DELETE", $"/orders/{order["orderId"]}/items/{Nobody}");
        }, 404, "not-found");

        // Products and customers
        yield return new("A product is listed", api => api.SendAsync("POST", "/products", new { sku = "NEW-1", name = "new", price = 1.5m }), 201,
            Check: (response, body) => string.Equals(response.Headers.Location?.ToString(), $"/products/{body["productId"]}", StringComparison.Ordinal)
                && body["price"]!.ToJsonString() is "1.50" && body["stockQuantity"]!.GetValue<int>() == 0);
        yield return new("A SKU is a product's alone", api => api.SendAsync("POST", "/products", new { sku = "KB-001", name = "copy", price = 1m }), 409, "sku-taken");
        yield return new("A product's fields", api => api.SendAsync("POST", "/products", new { sku = "a b", name = new string('x', 201), price = 0m, stockQuantity = -1 }),
            400, "invalid-request", ["sku", "name", "price", "stockQuantity"]);
        yield return new("A change without effect makes no version", api => api.SendAsync("PATCH", $"/products/{SampleMonitor}", new { sku = "MO-003" }), 200,
            Check: (_, body) => body["version"]!.GetValue<int>() == 1);
        yield return new("A product changes", api => api.SendAsync("PATCH", $"/products/{SampleMonitor}", new { price = 219m }, ("If-Match", "\"1\"")), 200,
            Check: (_, body) => body["version"]!.GetValue<int>() == 2 && body["price"]!.ToJsonString() is "219.00" && body["sku"]!.GetValue<string>() is "MO-003");
        yield return new("A product that is not there", api => api.SendAsync("PATCH", $"/products/{Nobody}", new { price = 1m }), 404, "not-found");
        yield return new("Stock never falls below nothing", api => api.SendAsync("POST", $"/products/{SampleMonitor}/stock-adjustments", new { delta = -100_001, reason = "count" }),
            409, "out-of-stock");
        yield return new("Stock is adjusted", api => api.SendAsync("POST", $"/products/{SampleMonitor}/stock-adjustments", new { delta = -1, reason = "count" }), 200,
            Check: (_, body) => body["stockQuantity"]!.GetValue<int>() == 99_999);
        yield return new("An adjustment's fields", api => api.SendAsync("POST", $"/products/{SampleMonitor}/stock-adjustments", new { delta = 0 }),
            400, "invalid-request", ["delta", "reason"]);
        yield return new("A customer is registered", api => api.SendAsync("POST", "/customers", new { firstName = "Barbara", lastName = "Liskov", email = "barbara@example.com" }),
            201, Check: (_, body) => body["tier"]!.GetValue<string>() is "standard");
        yield return new("An address is a customer's alone, whatever its case", api =>
            api.SendAsync("POST", "/customers", new { firstName = "A", lastName = "L", email = "ADA@example.com" }), 409, "email-taken");
        yield return new("A customer's fields", api => api.SendAsync("POST", "/customers", new { lastName = "a\u0007", email = "nobody", tier = "platinum" }),
            400, "invalid-request", ["firstName", "lastName", "email", "tier"]);
        yield return new("A customer changes", api => api.SendAsync("PATCH", $"/customers/{ApiUnderTest.Ada}", new { tier = "silver" }), 200,
            Check: (response, body) => body["tier"]!.GetValue<string>() is "silver" && response.Headers.ETag?.Tag is "\"2\"");
        yield return new("A customer that is not there", api => api.SendAsync("PATCH", $"/customers/{Nobody}", new { tier = "silver" }), 404, "not-found");

        // HTTP
        yield return new("An unknown route", api => api.SendAsync("GET", "/nothing"), 404, "no-such-resource");
        yield return new("An id that is no UUID is an unknown route", api => api.SendAsync("GET", "/orders/1"), 404, "no-such-resource");
        yield return new("A method that is not taken", api => api.SendAsync("PUT", "/orders"), 405, "method-not-allowed", Check: (response, _) =>
            response.Content.Headers.Allow.Contains("POST"));
        yield return new("A body that is not JSON by its type", api => api.SendAsync("POST", "/orders", new StringContent("a=1", new MediaTypeHeaderValue("text/plain"))),
            415, "unsupported-media-type");
        yield return new("No body", api => api.SendAsync("POST", "/orders"), 415, "unsupported-media-type");
        yield return new("An empty body", api => api.SendAsync("POST", "/orders", ""), 400, "malformed-json");
        yield return new("JSON cut off", api => api.SendAsync("POST", "/orders", """{"customerId":"""), 400, "malformed-json");
        yield return new("A null body", api => api.SendAsync("POST", "/orders", "null"), 400, "malformed-json");
        yield return new("A lone surrogate", api => api.SendAsync("POST", "/customers", """{"firstName":"\ud800"}"""), 400, "invalid-request", ["firstName"]);
        yield return new("A body that is too large", api => api.SendAsync("POST", "/orders", $"\"{new string('x', 300_000)}\""), 413, "too-large");
        yield return new("A chunked body that is too large", api =>
        {
            var chunked = new StreamContent(new MemoryStream(new byte[300_000]));
            chunked.Headers.ContentType = new("application/json");
            chunked.Headers.ContentLength = null;
            return api.SendAsync("POST", "/orders", chunked, ("Transfer-Encoding", "chunked"));
        }, 413, "too-large");
        yield return new("A correlation id that is too long", api => api.SendAsync("POST", $"/orders/{Nobody}/delivery", null, ("X-Correlation-Id", new string('x', 129))),
            400, "invalid-request", ["X-Correlation-Id"]);
        yield return new("An idempotency key that is too long", api => api.SendAsync("POST", $"/orders/{Nobody}/delivery", null, ("Idempotency-Key", new string('x', 129))),
            400, "invalid-request", ["Idempotency-Key"]);

        // Queries
        yield return new("Every parameter's error is told at once", api => api.SendAsync("GET", "/orders?customerId=1&status=lost&from=2026&to=x&cursor=%21&limit=101"),
            400, "invalid-request", ["customerId", "status", "from", "to", "cursor", "limit"]);
        yield return new("A cursor that was made up", api => api.SendAsync("GET", "/orders?cursor=YXxi"), 400, "invalid-request", ["cursor"]);
        yield return new("A page limit", api => api.SendAsync("GET", "/products?limit=0"), 400, "invalid-request", ["limit"]);
        yield return new("An order that is not projected", api => api.SendAsync("GET", $"/orders/{Nobody}"), 404, "not-found");
        yield return new("A version that is no number", api => api.SendAsync("GET", $"/orders/{Nobody}?minVersion=x"), 400, "invalid-request", ["minVersion"]);
        yield return new("A projection that does not come in time", api => api.SendAsync("GET", $"/orders/{Nobody}?minVersion=1"), 503, "projection-behind", Check: (response, _) =>
            response.Headers.RetryAfter is not null);
        yield return new("The current minute comes first, even an empty one", api => api.SendAsync("GET", "/analytics/orders-per-minute?limit=1"), 200, Check: (_, body) =>
            body.AsArray() is [{ } minute] && minute["orderCount"]!.GetValue<int>() == 0 && minute["averageOrderValue"]!.ToJsonString() is "0.00");
        yield return new("A dashboard without orders", api => api.SendAsync("GET", "/dashboard/orders"), 200, Check: (_, body) => body.AsArray().Count == 0);
    }

    private static readonly Guid SampleMonitor = Migrator.SampleData.Products[2].Id;

    private sealed record Rule(
        string Name, Func<ApiUnderTest, Task<HttpResponseMessage>> Send, int Status, string Problem = "", string[]? Fields = null,
        Func<HttpResponseMessage, JsonNode, bool>? Check = null);
}
