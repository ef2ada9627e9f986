using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.Tests.Messaging;

/// <summary>A broker, a migrated database with the table <c>applied</c>, and what tests ask of them.</summary>
internal sealed class ConsumerBench : IAsyncDisposable
{
    private ConsumerBench(TestBroker broker, TestDatabases databases) => (Broker, Databases, Producer) = (broker, databases, new(broker.BootstrapServers));

    public TestBroker Broker { get; }

    public TestDatabases Databases { get; }

    public TestProducer Producer { get; }

    public string ReadModel => Databases.ConnectionString("projection_worker", "readmodel");

    public static async Task<ConsumerBench> CreateAsync(MariaDbServer server, CancellationToken cancellationToken)
    {
        var databases = await TestDatabases.CreateAsync(server, cancellationToken);
        var bench = new ConsumerBench(await TestBroker.StartAsync(cancellationToken), databases);
        await using var connection = await databases.AdminDataSource("readmodel").OpenConnectionAsync(cancellationToken);
        await using var create = new MySqlCommand(
            "CREATE TABLE applied (sequence BIGINT AUTO_INCREMENT PRIMARY KEY, aggregate_id UUID NOT NULL, version INT NOT NULL, note VARCHAR(10) NOT NULL)", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return bench;
    }

    /// <summary>The versions applied to an aggregate, in the order in which they were.</summary>
    public async Task<IReadOnlyList<int>> AppliedAsync(Guid aggregate, CancellationToken cancellationToken) =>
        [.. (await QueryAsync("SELECT version FROM applied WHERE aggregate_id = @id ORDER BY sequence", aggregate, cancellationToken)).Select(value => (int)value!)];

    public async Task<long> CountAsync(string table, CancellationToken cancellationToken) =>
        (long)(await QueryAsync($"SELECT COUNT(*) FROM {table}", Guid.Empty, cancellationToken))[0]!;

    /// <summary>Waits until exactly these versions were applied, in this order.</summary>
    public async Task AppliedEventuallyAsync(Guid aggregate, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        await Eventually.GetAsync(
            async cancellation => string.Join(',', await AppliedAsync(aggregate, cancellation)),
            applied => string.Equals(applied, string.Join(',', versions), StringComparison.Ordinal),
            cancellationToken);

    public ConsumerHost Build() => ConsumerHost.Build(Broker.BootstrapServers, ReadModel);

    public Task<ConsumerHost> StartAsync(CancellationToken cancellationToken, Action<HandlerScript>? script = null) =>
        ConsumerHost.StartAsync(Broker.BootstrapServers, ReadModel, cancellationToken, script);

    public async ValueTask DisposeAsync()
    {
        Producer.Dispose();
        await Broker.DisposeAsync();
        await Databases.DisposeAsync();
    }

    private async Task<List<object?>> QueryAsync(string sql, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await Databases.AdminDataSource("readmodel").OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        command.Parameters.AddWithValue("@id", id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<object?> values = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            values.Add(reader.GetValue(0));
        }

        return values;
    }
}
