using System.Globalization;
using System.Text;
using EventDriven.Contracts;
using EventDriven.ServiceDefaults.MariaDb;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.OutboxRelay.Tests;

/// <summary>A broker, a migrated database, and relays as processes of their own.</summary>
internal sealed class RelayBench : IAsyncDisposable
{
    private readonly List<TestProcess> _relays = [];

    private RelayBench(TestBroker broker, TestDatabases databases) => (Broker, Databases) = (broker, databases);

    public TestBroker Broker { get; }

    public TestDatabases Databases { get; }

    public MySqlDataSource Admin => Databases.AdminDataSource("ecommerce");

    public static async Task<RelayBench> CreateAsync(MariaDbServer server, CancellationToken cancellationToken, IReadOnlyList<Topic>? topics = null)
    {
        var databases = await TestDatabases.CreateAsync(server, cancellationToken);
        return new(await TestBroker.StartAsync(cancellationToken, topics), databases);
    }

    /// <summary>Starts a relay.</summary>
    public async Task<TestProcess> StartAsync(CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__kafka"] = Broker.BootstrapServers,
            ["ConnectionStrings__ecommerce"] = Databases.ConnectionString("outbox_relay", "ecommerce"),
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Relay__MonitorEvery"] = "00:00:00.200",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var relay = await TestProcess.StartDotnetAsync(typeof(Relay).Assembly, [], environment, cancellationToken);
        _relays.Add(relay);
        return relay;
    }

    /// <summary>Writes rows of one transaction.</summary>
    public async Task InsertAsync(IReadOnlyList<(Guid Aggregate, int Version)> rows, CancellationToken cancellationToken, int padding = 0)
    {
        await using var connection = await Admin.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await new SqlBuilder()
            .Sql("INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at, source) VALUES ")
            .Rows(rows, row => [Guid.CreateVersion7(), AggregateTypes.Order, row.Aggregate, row.Version, nameof(OrderDelivered), Payload(row.Aggregate, padding), DateTime.UtcNow, "test"])
            .ExecuteAsync(transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<long> CountAsync(string table, CancellationToken cancellationToken)
    {
        await using var connection = await Admin.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand($"SELECT COUNT(*) FROM {table}", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Waits until the outbox is empty.</summary>
    public Task EmptyAsync(CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        Eventually.TrueAsync(async cancellation => await CountAsync("outbox_events", cancellation) == 0, cancellationToken, deadline);

    /// <summary>How many shards each relay holds.</summary>
    public async Task<IReadOnlyList<int>> SharesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Admin.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand("SELECT COUNT(*) FROM outbox_shard_leases WHERE owner IS NOT NULL GROUP BY owner ORDER BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<int> shares = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            shares.Add(reader.GetInt32(0));
        }

        return shares;
    }

    /// <summary>The versions of each aggregate as a consumer sees them that drops duplicates; fails when one was ever published over a hole.</summary>
    public async Task<(Dictionary<Guid, int> Last, int Records)> ConsumeAsync(CancellationToken cancellationToken)
    {
        Dictionary<Guid, int> last = [];
        var records = await Broker.ReadAllAsync(Topics.Orders.Name, cancellationToken);
        foreach (var record in records)
        {
            var aggregate = Guid.Parse(Encoding.UTF8.GetString(record.Message.Key!));
            var version = int.Parse(Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(EventHeaders.AggregateVersion)), CultureInfo.InvariantCulture);
            var have = last.GetValueOrDefault(aggregate);
            Assert.True(version <= have + 1, $"{aggregate}: version {version} came after {have}");
            last[aggregate] = Math.Max(have, version);
        }

        return (last, records.Count);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }

        await Broker.DisposeAsync();
        await Databases.DisposeAsync();
    }

    private static string Payload(Guid order, int padding) =>
        $$"""{"orderId":"{{order}}","deliveredAt":"2026-01-31T12:00:00.000000Z","padding":"{{new string('x', padding)}}"}""";
}
