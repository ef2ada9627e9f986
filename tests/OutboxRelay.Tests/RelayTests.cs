using System.Text;
using Confluent.Kafka;
using EventDriven.Contracts;
using EventDriven.OutboxRelay.Outbox;
using EventDriven.ServiceDefaults.MariaDb;
using EventDriven.TestSupport;

namespace EventDriven.OutboxRelay.Tests;

public sealed class RelayTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_is_published_as_the_contract_has_it_and_then_removed()
    {
        await using var bench = await BenchAsync();
        await bench.StartAsync(Cancellation);
        var (id, order) = (Guid.CreateVersion7(), Guid.Parse("01935f00-0000-7000-8000-000000000001"));
        const string Payload = """{ "a" : "é€😀", "n" : 5.00 }""";
        var created = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc).AddTicks(1_239_990);
        await using (var connection = await bench.Admin.OpenConnectionAsync(Cancellation))
        {
            await using var insert = new SqlBuilder()
                .Sql("INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at, correlation_id, traceparent) VALUES ")
                .Rows([0], _ => [id, "order", order, 7, "OrderShipped", Payload, created, "Zürich", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"])
                .ToCommand(connection);
            await insert.ExecuteNonQueryAsync(Cancellation);
        }

        await bench.EmptyAsync(Cancellation);
        var record = Assert.Single(await bench.Broker.ReadAllAsync("events.order", Cancellation));
        Assert.Equal(order.ToString(), Encoding.UTF8.GetString(record.Message.Key!));
        Assert.Equal(Encoding.UTF8.GetBytes(Payload), record.Message.Value);
        Assert.Equal(TimestampType.CreateTime, record.Message.Timestamp.Type);
        Assert.Equal(new DateTime(2026, 1, 31, 12, 0, 0, 123, DateTimeKind.Utc), record.Message.Timestamp.UtcDateTime);

        // murmur2 of the key, sign bit cleared, modulo 12 as Java's producer does it.
        Assert.Equal((int)((Murmur2(record.Message.Key!) & 0x7fffffff) % 12), record.Partition.Value);
        Assert.Equal(
            [
                ("id", id.ToString()), ("eventType", "OrderShipped"), ("aggregateType", "order"), ("aggregateVersion", "7"), ("correlationId", "Zürich"),
                ("causationId", null), ("source", null), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("tracestate", null),
            ],
            record.Message.Headers.Select(header => (header.Key, header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : null)));
    }

    [Fact]
    public async Task Three_relays_share_the_work_and_keep_the_order_also_when_one_is_killed()
    {
        const int Aggregates = 120;
        const int Versions = 30;
        await using var bench = await BenchAsync();
        var relays = new List<TestProcess>();
        for (var i = 0; i < 3; i++)
        {
            relays.Add(await bench.StartAsync(Cancellation, ("Relay__Lease", "00:00:03"), ("Relay__BatchSize", "50")));
        }

        await Eventually.GetAsync(bench.SharesAsync, shares => shares is [21, 21, 22], Cancellation);

        // Rows keep coming while one relay dies in the middle of its work.
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => WriteAsync(bench, Aggregates / 4, Versions, Cancellation)));
        await Eventually.TrueAsync(async cancellation => await bench.CountAsync("outbox_events", cancellation) > 0, Cancellation);
        await relays[0].KillAsync(Cancellation);
        await writing;
        await bench.EmptyAsync(Cancellation);

        Assert.Equal([32, 32], await bench.SharesAsync(Cancellation));
        var (last, records) = await bench.ConsumeAsync(Cancellation);
        Assert.Equal(Aggregates, last.Count);
        Assert.All(last.Values, version => Assert.Equal(Versions, version));

        // Only what the killed relay had in flight may have been sent twice.
        Assert.InRange(records, Aggregates * Versions, (Aggregates * Versions) + 50);
    }

    [Fact]
    public async Task A_relay_that_is_stopped_frees_its_shards_at_once()
    {
        await using var bench = await BenchAsync();
        var first = await bench.StartAsync(Cancellation, ("Relay__Lease", "00:05:00"));
        await Eventually.GetAsync(bench.SharesAsync, shares => shares is [64], Cancellation);

        Assert.Equal(0, await first.StopAsync(Cancellation));
        Assert.Empty(await bench.SharesAsync(Cancellation));
        Assert.Equal(0, await bench.CountAsync("outbox_relays", Cancellation));
    }

    [Fact]
    public async Task A_frozen_relay_that_wakes_up_removes_nothing_of_what_another_one_took_over()
    {
        await using var bench = await BenchAsync();
        var frozen = await bench.StartAsync(Cancellation, ("Relay__Lease", "00:00:01"));
        await Eventually.GetAsync(bench.SharesAsync, shares => shares is [64], Cancellation);
        var orders = Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7()).ToList();
        await frozen.SendAsync("STOP", Cancellation);
        await bench.StartAsync(Cancellation, ("Relay__Lease", "00:00:01"));
        await bench.InsertAsync([.. orders.Select(order => (order, 1))], Cancellation);
        await bench.EmptyAsync(Cancellation);

        await frozen.SendAsync("CONT", Cancellation);
        await Eventually.GetAsync(bench.SharesAsync, shares => shares is [32, 32], Cancellation);
        await bench.InsertAsync([.. orders.Select(order => (order, 2))], Cancellation);
        await bench.EmptyAsync(Cancellation);
        var (last, records) = await bench.ConsumeAsync(Cancellation);

        // On a busy machine a lease of 1 s runs out now and then, and rows are sent twice; what counts is that none is lost or out of order.
        Assert.Equal(200, last.Values.Count(version => version == 2));
        Assert.True(records >= 400);
    }

    [Fact]
    public async Task Rows_of_a_shard_whose_fence_has_moved_on_are_not_removed()
    {
        await using var bench = await BenchAsync();
        var order = Guid.CreateVersion7();
        await bench.InsertAsync([(order, 1)], Cancellation);
        await using var outbox = new OutboxStore(bench.Databases.DataSource("outbox_relay", "ecommerce"));
        var shard = Assert.Single(await outbox.LookAsync(Cancellation));
        var rows = await outbox.ReadAsync([shard], 10, 10, [], Cancellation);
        await using (var connection = await bench.Admin.OpenConnectionAsync(Cancellation))
        {
            await using var lease = new SqlBuilder().Sql("UPDATE outbox_shard_leases SET owner = 'me', fence = 7 WHERE shard = ").Value(shard).ToCommand(connection);
            await lease.ExecuteNonQueryAsync(Cancellation);
        }

        Assert.Equal(0, await outbox.RemoveAsync("me", new Dictionary<int, ulong> { [shard] = 6 }, rows, Cancellation));
        Assert.Equal(0, await outbox.RemoveAsync("another", new Dictionary<int, ulong> { [shard] = 7 }, rows, Cancellation));
        Assert.Equal(1, await outbox.RemoveAsync("me", new Dictionary<int, ulong> { [shard] = 7 }, rows, Cancellation));
    }

    [Fact]
    public async Task A_row_that_Kafka_refuses_stops_its_aggregate_and_nothing_of_it_is_sent_behind_it()
    {
        var narrow = Topics.Orders with { Config = new Dictionary<string, string>(StringComparer.Ordinal) { ["max.message.bytes"] = "20000" } };
        await using var bench = await RelayBench.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation, [narrow, Topics.Customers, Topics.Inventory]);
        var big = Guid.CreateVersion7();
        var others = Enumerable.Range(0, 100).Select(_ => Guid.CreateVersion7()).ToList();
        await bench.InsertAsync([(big, 1)], Cancellation);
        await bench.InsertAsync([(big, 2)], Cancellation, padding: 100_000);
        await bench.InsertAsync([(big, 3), .. others.SelectMany(order => (IEnumerable<(Guid, int)>)[(order, 1), (order, 2)])], Cancellation);

        // lz4 would make the padding small.
        var relay = await bench.StartAsync(Cancellation, ("Aspire__Confluent__Kafka__Producer__Config__CompressionType", "None"));
        await Eventually.TrueAsync(async cancellation => await bench.CountAsync("outbox_events", cancellation) == 2, Cancellation, TimeSpan.FromMinutes(1));
        var (last, _) = await bench.ConsumeAsync(Cancellation);
        Assert.Equal(1, last[big]);
        Assert.All(others, order => Assert.Equal(2, last[order]));
        await Eventually.TrueAsync(() => relay.Output.Contains($"Kafka refuses order {big} version 2", StringComparison.Ordinal), Cancellation);
    }

    [Fact]
    public async Task With_Debezium_as_the_publisher_the_relay_publishes_nothing_and_says_why()
    {
        await using var bench = await BenchAsync();
        var relay = await bench.StartAsync(Cancellation, ("Outbox__Publisher", "Debezium"));
        await bench.InsertAsync([(Guid.CreateVersion7(), 1)], Cancellation);

        await Eventually.TrueAsync(() => relay.Output.Contains("Application started", StringComparison.Ordinal), Cancellation);
        Assert.Contains("Outbox:Publisher is Debezium", relay.Output, StringComparison.Ordinal);
        Assert.Empty(await bench.SharesAsync(Cancellation));
        Assert.Equal(1, await bench.CountAsync("outbox_events", Cancellation));
    }

    private static async Task WriteAsync(RelayBench bench, int aggregates, int versions, CancellationToken cancellationToken)
    {
        var orders = Enumerable.Range(0, aggregates).Select(_ => Guid.CreateVersion7()).ToList();
        for (var version = 1; version <= versions; version++)
        {
            await bench.InsertAsync([.. orders.Select(order => (order, version))], cancellationToken);
        }
    }

    /// <summary>MurmurHash2 with Kafka's seed, written from its public description.</summary>
    private static uint Murmur2(byte[] data)
    {
        const uint M = 0x5bd1e995;
        var hash = 0x9747b28c ^ (uint)data.Length;
        var i = 0;
        for (; i + 4 <= data.Length; i += 4)
        {
            var k = BitConverter.ToUInt32(data, i) * M;
            k = (k ^ (k >> 24)) * M;
            hash = (hash * M) ^ k;
        }

        for (var rest = data.Length - i; rest > 0; rest--)
        {
            hash ^= (uint)data[i + rest - 1] << (8 * (rest - 1));
            if (rest == 1)
            {
                hash *= M;
            }
        }

        hash = (hash ^ (hash >> 13)) * M;
        return hash ^ (hash >> 15);
    }

    private async Task<RelayBench> BenchAsync() => await RelayBench.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
}
