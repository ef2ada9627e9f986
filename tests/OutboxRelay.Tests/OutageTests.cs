using System.Globalization;
using EventDriven.TestSupport;

namespace EventDriven.OutboxRelay.Tests;

public sealed class OutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_and_a_database_that_go_and_come_back_lose_nothing_and_reorder_nothing()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? string.Empty);
        await using var server = await MariaDbServer.StartAsync(Cancellation);
        await using var bench = await RelayBench.CreateAsync(server, Cancellation);
        await bench.StartAsync(Cancellation, ("Relay__Lease", "00:00:03"));
        var orders = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToList();
        await bench.InsertAsync([.. orders.Select(order => (order, 1))], Cancellation);
        await bench.EmptyAsync(Cancellation);

        // Away for longer than the lease: the relay keeps its shards and waits.
        await bench.Broker.StopAsync();
        await bench.InsertAsync([.. orders.Select(order => (order, 2)), .. orders.Select(order => (order, 3))], Cancellation);
        var renewed = DateTime.UtcNow.AddSeconds(7).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        await Eventually.TrueAsync(async cancellation => await bench.CountAsync($"outbox_relays WHERE expires_at > '{renewed}'", cancellation) == 1, Cancellation);
        Assert.Equal([64], await bench.SharesAsync(Cancellation));
        await bench.Broker.StartAgainAsync(Cancellation);
        await bench.EmptyAsync(Cancellation);

        await server.KillAsync(Cancellation);
        await server.RestartAsync(Cancellation);
        await bench.InsertAsync([.. orders.Select(order => (order, 4))], Cancellation);
        await bench.EmptyAsync(Cancellation);
        var (last, _) = await bench.ConsumeAsync(Cancellation);
        Assert.All(orders, order => Assert.Equal(4, last[order]));
    }
}
