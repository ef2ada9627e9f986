using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.Idempotency;
using EventDriven.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace EventDriven.OrderApi.Tests;

public sealed class IdempotencyTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_request_again_gets_the_stored_answer_and_has_no_second_effect()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var order = ApiUnderTest.Order((ApiUnderTest.Keyboard, 1)).ToJsonString();
        using var first = await api.SendAsync("POST", "/orders", order, ("Idempotency-Key", "\"key-1\""));
        using var second = await api.SendAsync("POST", "/orders", order, ("Idempotency-Key", "key-1"));
        Assert.Equal(201, (int)second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await second.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal((first.Headers.Location, first.Headers.ETag), (second.Headers.Location, second.Headers.ETag));
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.True(second.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(1, await api.ScalarAsync<int>("SELECT COUNT(*) FROM orders"));
        Assert.Equal(99_999, await api.ScalarAsync<int>("SELECT stock_quantity FROM products WHERE sku = 'KB-001'"));
        Assert.Equal("key-1", (await api.OutboxAsync())[^1].CausationId);
    }

    [Fact]
    public async Task A_refusal_is_kept_too()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var order = ApiUnderTest.Order((Guid.CreateVersion7(), 1)).ToJsonString();
        using var first = await api.SendAsync("POST", "/orders", order, ("Idempotency-Key", "k"));
        using var second = await api.SendAsync("POST", "/orders", order, ("Idempotency-Key", "k"));
        Assert.Equal((422, 422), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.True(second.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("application/problem+json", second.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/orders", "{}")]
    [InlineData("/orders", "{")]
    [InlineData("/customers", null)]
    public async Task The_same_key_with_another_request_is_refused(string path, string? body)
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var order = ApiUnderTest.Order((ApiUnderTest.Keyboard, 1)).ToJsonString();
        using var first = await api.SendAsync("POST", "/orders", order, ("Idempotency-Key", "k"));
        using var other = await api.SendAsync("POST", path, body ?? order, ("Idempotency-Key", "k"));
        Assert.Equal(422, (int)other.StatusCode);
        Assert.Contains("idempotency-key-reused", await other.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(1, await api.ScalarAsync<int>("SELECT COUNT(*) FROM orders"));
    }

    [Fact]
    public async Task The_key_of_a_command_without_a_body_stands_for_no_body()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var path = $"/orders/{(await api.OrderInAsync(Contracts.OrderStatus.Shipped))["orderId"]}/delivery";
        Assert.Equal(4, (await api.DoAsync("POST", path, null, ("Idempotency-Key", "k")))["version"]!.GetValue<int>());
        Assert.Equal(4, (await api.DoAsync("POST", path, null, ("Idempotency-Key", "k")))["version"]!.GetValue<int>());
        using var other = await api.SendAsync("POST", path, "{}", ("Idempotency-Key", "k"));
        Assert.Equal(422, (int)other.StatusCode);
    }

    [Fact]
    public async Task While_the_first_is_in_flight_the_second_is_told_so_at_once()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var order = ApiUnderTest.Order((ApiUnderTest.Keyboard, 1)).ToJsonString();
        Task<HttpResponseMessage> first;
        await using (var blocker = await api.Databases.AdminDataSource("ecommerce").OpenConnectionAsync(Cancellation))
        {
            await using var transaction = await blocker.BeginTransactionAsync(Cancellation);
            await using var hold = new MySqlCommand("SELECT * FROM products FOR UPDATE", blocker, transaction);
            await hold.ExecuteNonQueryAsync(Cancellation);
            first = api.SendAsync("POST", "/orders", order, ("Idempotency-Key", "k"));
            await Eventually.TrueAsync(
                async _ => await api.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND user = 'order_api' AND info LIKE '%FOR UPDATE'") == 1,
                Cancellation);
            using var second = await api.SendAsync("POST", "/orders", order, ("Idempotency-Key", "k"));
            Assert.Equal(409, (int)second.StatusCode);
            Assert.Contains("idempotency-key-in-flight", await second.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            Assert.False(first.IsCompleted);
            await transaction.RollbackAsync(Cancellation);
        }

        using var answer = await first;
        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal(1, await api.ScalarAsync<int>("SELECT COUNT(*) FROM orders"));
    }

    [Fact]
    public async Task Many_at_once_with_one_key_have_one_effect()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var order = ApiUnderTest.Order((ApiUnderTest.Keyboard, 1)).ToJsonString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.SendAsync("POST", "/orders", order, ("Idempotency-Key", "k"))));
        Assert.All(answers, answer => Assert.Contains((int)answer.StatusCode, (int[])[201, 409]));
        Assert.Contains(answers, answer => (int)answer.StatusCode == 201);
        Assert.Equal(1, await api.ScalarAsync<int>("SELECT COUNT(*) FROM orders"));
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task After_a_day_the_key_is_free_again()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var order = ApiUnderTest.Order((ApiUnderTest.Keyboard, 1)).ToJsonString();
        await api.DoAsync("POST", "/orders", order, ("Idempotency-Key", "k"));
        Assert.InRange(await api.ScalarAsync<int>("SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(6), expires_at) FROM idempotency_keys"), 1435, 1440);
        await api.ExecuteAsync("UPDATE idempotency_keys SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
        await api.DoAsync("POST", "/orders", order, ("Idempotency-Key", "k"));
        Assert.Equal(2, await api.ScalarAsync<int>("SELECT COUNT(*) FROM orders"));

        await api.ExecuteAsync("UPDATE idempotency_keys SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
        Assert.Equal(1, await api.Services.GetRequiredService<IdempotencyStore>().RemoveExpiredAsync(Cancellation));
    }

    [Fact]
    public async Task It_worked_but_the_client_saw_a_time_out_and_the_service_died()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation, seed: true);
        var order = ApiUnderTest.Order((ApiUnderTest.Keyboard, 1)).ToJsonString();
        await using (var process = await StartProcessAsync(databases))
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", process.Port, Cancellation);
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: {Encoding.UTF8.GetByteCount(order)}\r\n\r\n{order}"), Cancellation);
            await Eventually.TrueAsync(async cancellation => await CountAsync(databases, cancellation) == 1, Cancellation);
            await process.Process.KillAsync(Cancellation);
        }

        await using var again = await StartProcessAsync(databases);
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{again.Port}") };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new StringContent(order, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "k");
        using var answer = await http.SendAsync(request, Cancellation);
        Assert.Equal(201, (int)answer.StatusCode);
        Assert.True(answer.Headers.Contains("Idempotency-Replayed"));
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        await using var check = databases.AdminDataSource("ecommerce").CreateCommand("SELECT order_id FROM orders");
        Assert.Equal(body["orderId"]!.GetValue<Guid>(), await check.ExecuteScalarAsync(Cancellation));
        Assert.Equal(1, await CountAsync(databases, Cancellation));
    }

    private static async Task<RunningApi> StartProcessAsync(TestDatabases databases)
    {
        var port = TestPorts.Free();
        var environment = ApiUnderTest.ConnectionStrings(databases).ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value, StringComparer.Ordinal);
        environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        var process = await TestProcess.StartDotnetAsync(typeof(CommandRunner).Assembly, [], environment, Cancellation);
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async cancellation => (await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/health"), cancellation)).Length > 0, Cancellation);
        return new(process, port);
    }

    private static async Task<int> CountAsync(TestDatabases databases, CancellationToken cancellationToken)
    {
        await using var command = databases.AdminDataSource("ecommerce").CreateCommand("SELECT COUNT(*) FROM orders");
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed record RunningApi(TestProcess Process, int Port) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
