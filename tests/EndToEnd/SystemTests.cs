using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using EventDriven.TestSupport;

namespace EventDriven.EndToEnd;

/// <summary>What the system promises as a whole, on whatever broker it runs.</summary>
public abstract class SystemTests(RunningSystem system)
{
    private const int Orders = 1000;
    private const int Clients = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_placed_over_HTTP_appears_in_the_read_model_and_in_its_window()
    {
        SkipIfMissing();
        var before = await CountedAsync();

        var placed = await system.Shop.PlaceOrderAsync(Cancellation);
        var id = placed["orderId"]!.GetValue<string>();
        var projected = await system.Shop.WaitForOrderAsync(id, Cancellation);

        Assert.Equal(placed["orderNumber"]!.GetValue<string>(), projected["orderNumber"]!.GetValue<string>());
        Assert.Equal("pending", projected["status"]!.GetValue<string>());
        Assert.Equal(placed["totalAmount"]!.GetValue<decimal>(), projected["totalAmount"]!.GetValue<decimal>());
        await Eventually.TrueAsync(async _ => await CountedAsync() == before + 1, Cancellation);
        var window = (await system.Shop.OrdersPerMinuteAsync(Cancellation)).First(window => window.OrderCount > 0);
        Assert.Equal(0, window.WindowStart.Second);
        Assert.Equal(decimal.Round(window.Revenue / window.OrderCount, 2), window.Average);
    }

    [Fact]
    public async Task The_relay_killed_amid_a_thousand_orders_loses_none_and_none_is_counted_twice()
    {
        SkipIfMissing();
        var before = await CountedAsync();
        var ids = new System.Collections.Concurrent.ConcurrentBag<string>();

        var placing = Parallel.ForAsync(0, Orders, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Cancellation }, async (_, token) =>
            ids.Add((await system.Shop.PlaceOrderAsync(token))["orderId"]!.GetValue<string>()));
        await Eventually.TrueAsync(() => placing.IsFaulted || ids.Count > Orders / 3, Cancellation, Patience);
        await KillAsync("outbox-relay");
        await placing;
        await StartAsync("outbox-relay");

        await Eventually.GetAsync(_ => CountedAsync(), count => count >= before + Orders, Cancellation, Patience);
        Assert.Equal(Orders, ids.Distinct(StringComparer.Ordinal).Count());
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Cancellation }, async (id, token) =>
            await system.Shop.WaitForOrderAsync(id, token));
        Assert.Equal(before + Orders, await CountedAsync());
    }

    [Fact]
    public async Task One_trace_leads_from_the_request_through_outbox_and_Kafka_to_the_projection_and_the_analytics()
    {
        SkipIfMissing();
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders");
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");

        await system.Shop.PlaceOrderAsync(Cancellation, request);

        var services = await Eventually.GetAsync(
            _ => Task.FromResult(system.Traces.Spans.Where(span => span.TraceId == trace).Select(span => span.Service).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList()),
            seen => seen.Count >= 4,
            Cancellation);
        Assert.Equal(["analytics-worker", "order-api", "outbox-relay", "projection-worker"], services);

        // Whoever opens the trace sees one tree: every span's parent is in it, but for the caller's own.
        var spans = system.Traces.Spans.Where(span => span.TraceId == trace).ToList();
        var known = spans.Select(span => span.SpanId).ToHashSet(StringComparer.Ordinal);
        Assert.Single(spans, span => !known.Contains(span.ParentSpanId));
    }

    private void SkipIfMissing() => Assert.SkipWhen(system.Missing is not null, system.Missing ?? string.Empty);

    private async Task<long> CountedAsync() => (await system.Shop.OrdersPerMinuteAsync(Cancellation)).Sum(window => window.OrderCount);

    private async Task KillAsync(string resource)
    {
        using var process = Process.GetProcessById(await system.ProcessIdAsync(resource, Cancellation));
        process.Kill(entireProcessTree: true);
        await system.App.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, Cancellation);
    }

    private async Task StartAsync(string resource)
    {
        var started = await system.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, Cancellation);
        Assert.True(started.Success, started.Message);
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync(resource, Cancellation);
    }
}
