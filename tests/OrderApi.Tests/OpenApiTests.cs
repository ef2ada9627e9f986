using System.Text.Json.Nodes;
using EventDriven.TestSupport;

namespace EventDriven.OrderApi.Tests;

public sealed class OpenApiTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_is_described_with_examples_problems_and_headers()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var document = await api.DoAsync("GET", "/openapi/v1.json");
        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (Name: $"{operation.Key.ToUpperInvariant()} {path.Key}", Value: operation.Value!)))
            .ToList();
        Assert.Equal(19, operations.Count);
        Assert.All(operations, operation =>
        {
            Assert.NotNull(operation.Value["summary"]);
            var responses = operation.Value["responses"]!.AsObject();
            Assert.All(responses, response => Assert.True(
                response.Value!["content"]!.AsObject().Single().Value!["example"] is not null, $"{operation.Name} {response.Key} has no example"));
            Assert.All((string[])["400", "429", "500", "503", "504"], status => Assert.Contains(status, responses.Select(response => response.Key)));
            Assert.NotNull(responses["429"]!["headers"]!["Retry-After"]);
            Assert.All(operation.Value["requestBody"] is { } body ? [body] : Array.Empty<JsonNode>(), request =>
                Assert.NotNull(request["content"]!["application/json"]!["example"]));
            if (operation.Name.StartsWith("POST", StringComparison.Ordinal))
            {
                Assert.Contains("Idempotency-Key", operation.Value["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>()));
            }
        });

        var create = document["paths"]!["/orders"]!["post"]!;
        Assert.NotNull(create["responses"]!["201"]!["headers"]!["Location"]);
        Assert.NotNull(create["responses"]!["201"]!["headers"]!["ETag"]);
        var limit = document["paths"]!["/orders"]!["get"]!["parameters"]!.AsArray().Single(parameter => parameter!["name"]!.GetValue<string>() is "limit");
        Assert.Equal("integer", limit!["schema"]!["type"]!.GetValue<string>());
        var answer = document["components"]!["schemas"]!["OrderAnswer"]!["properties"]!;
        Assert.Equal("number", answer["totalAmount"]!["type"]!.GetValue<string>());
        Assert.Equal("date-time", answer["createdAt"]!["format"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("Development", 200)]
    [InlineData("Production", 404)]
    public async Task The_interactive_page_is_for_development(string environment, int status)
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation, ("environment", environment));
        using var response = await api.SendAsync("GET", "/scalar/v1");
        Assert.Equal(status, (int)response.StatusCode);
    }
}
