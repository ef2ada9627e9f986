using EventDriven.TestSupport;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventDriven.ServiceDefaults.Tests.Messaging;

public sealed class OutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static HealthCheckContext Unhealthy { get; } = new() { Registration = new("consumer", _ => null!, HealthStatus.Unhealthy, null) };

    [Fact]
    public async Task A_database_and_a_broker_that_go_and_come_back_cost_nothing_but_time()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? string.Empty);
        await using var server = await MariaDbServer.StartAsync(Cancellation);
        await using var bench = await ConsumerBench.CreateAsync(server, Cancellation);
        await using var worker = await bench.StartAsync(Cancellation);
        var order = Guid.CreateVersion7();
        var events = TestEvents.Order(order);
        await bench.Producer.SendAsync([(events[0], 1)], Cancellation);
        await bench.AppliedEventuallyAsync(order, [1], Cancellation);

        await server.KillAsync(Cancellation);
        await bench.Producer.SendAsync([(events[1], 2)], Cancellation);
        await Eventually.TrueAsync(async _ => (await worker.Health.CheckHealthAsync(Unhealthy, Cancellation)).Status == HealthStatus.Unhealthy, Cancellation);
        await server.RestartAsync(Cancellation);
        await bench.AppliedEventuallyAsync(order, [1, 2], Cancellation);
        Assert.Equal(HealthStatus.Healthy, (await worker.Health.CheckHealthAsync(Unhealthy, Cancellation)).Status);

        await bench.Broker.StopAsync();
        await bench.Broker.StartAgainAsync(Cancellation);
        await bench.Producer.SendAsync([(events[2], 3)], Cancellation);
        await bench.AppliedEventuallyAsync(order, [1, 2, 3], Cancellation);
        Assert.Empty(await bench.Broker.ReadAllAsync("dlq.events.order", Cancellation));
    }
}
