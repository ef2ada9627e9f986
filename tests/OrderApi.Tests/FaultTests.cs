using System.Collections.Concurrent;
using EventDriven.Contracts;
using EventDriven.TestSupport;

namespace EventDriven.OrderApi.Tests;

public sealed class FaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MariaDB_killed_under_load_loses_no_acknowledged_order_and_the_API_recovers_by_itself()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");
        await using var server = await MariaDbServer.StartAsync(Cancellation);
        await using var api = await ApiUnderTest.StartAsync(server, Cancellation);
        var acknowledged = new ConcurrentBag<Guid>();
        var refused = new ConcurrentBag<HttpResponseMessage>();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(async client =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                // Each order is tried with its key until it is acknowledged, as a careful client does.
                var key = $"{client}-{i}";
                while (!stop.IsCancellationRequested)
                {
                    var response = await api.SendAsync("POST", "/orders", ApiUnderTest.Order((ApiUnderTest.Keyboard, 1), (ApiUnderTest.Mug, 1)), ("Idempotency-Key", key));
                    if ((int)response.StatusCode == 201)
                    {
                        acknowledged.Add(System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["orderId"]!.GetValue<Guid>());
                        break;
                    }

                    refused.Add(response);
                    await Task.Delay(20, Cancellation);
                }
            }
        }).ToList();

        await Eventually.TrueAsync(() => acknowledged.Count > 50, Cancellation);
        await server.KillAsync(Cancellation);
        await Eventually.TrueAsync(() => !refused.IsEmpty, Cancellation);
        using (var health = await api.SendAsync("GET", "/health"))
        {
            Assert.Equal(503, (int)health.StatusCode);
        }

        await server.RestartAsync(Cancellation);
        var before = acknowledged.Count;
        await Eventually.TrueAsync(() => acknowledged.Count > before + 50, Cancellation);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.All(refused, response =>
        {
            Assert.True((int)response.StatusCode is 503 or 409, $"{(int)response.StatusCode}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            if ((int)response.StatusCode == 503)
            {
                Assert.NotNull(response.Headers.RetryAfter);
            }
        });
        var outbox = await api.OutboxAsync();
        Versions.AssertDense(outbox);
        var created = outbox.Where(row => row.EventType is nameof(OrderCreated)).Select(row => row.AggregateId).ToHashSet();
        Assert.All(acknowledged, id => Assert.Contains(id, created));
        Assert.Equal(acknowledged.Count, acknowledged.Distinct().Count());

        // State and events agree for all orders, also for those whose acknowledgement was lost.
        Assert.Equal(created.Count, await api.ScalarAsync<int>("SELECT COUNT(*) FROM orders"));
        Assert.Equal(100_000 - created.Count, await api.ScalarAsync<int>("SELECT stock_quantity FROM products WHERE sku = 'KB-001'"));
    }
}
