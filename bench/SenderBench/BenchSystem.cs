using System.Globalization;
using Confluent.Kafka;
using EventDriven.AppHost;
using EventDriven.Contracts;
using EventDriven.Migrator;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.SenderBench;

/// <summary>MariaDB with full durability, Apache Kafka and a Connect worker; and the rows of the backlog, once for both senders.</summary>
internal sealed class BenchSystem : IAsyncDisposable
{
    private BenchSystem(MariaDbServer mariaDb, ApacheKafka kafka, ConnectWorker connect) => (MariaDb, Kafka, Connect) = (mariaDb, kafka, connect);

    public MariaDbServer MariaDb { get; }

    public ApacheKafka Kafka { get; }

    public ConnectWorker Connect { get; }

    public string Outbox => $"{MariaDb.AdminConnectionString};Database=ecommerce;DefaultCommandTimeout=600";

    public static async Task<BenchSystem> StartAsync(int rows, CancellationToken cancellationToken)
    {
        var mariaDb = await MariaDbServer.StartAsync(cancellationToken, durable: true);
        var kafka = await ApacheKafka.StartAsync(cancellationToken);
        await SchemaMigrator.MigrateAsync(
            new()
            {
                ServerConnectionString = mariaDb.AdminConnectionString,
                Passwords = DatabaseUsers.All.ToDictionary(user => user, user => user, StringComparer.Ordinal),
                KafkaBootstrapServers = kafka.BootstrapServers,
                ConnectTopics = true,
            },
            _ => { },
            cancellationToken);
        var connect = await ConnectWorker.StartAsync(
            kafka,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [ConnectVariables.Kafka] = kafka.BootstrapServers,
                [ConnectVariables.MariaDbHost] = "127.0.0.1",
                [ConnectVariables.MariaDbPort] = mariaDb.Port.ToString(CultureInfo.InvariantCulture),
                [ConnectVariables.OutboxPassword] = DatabaseUsers.ChangeDataCapture,
            },
            cancellationToken);

        // The quick start of a development machine is not what a long run is measured with.
        connect.Set("KAFKA_JVM_PERFORMANCE_OPTS", "-server -XX:+UseG1GC");
        await connect.RestartAsync(cancellationToken);
        var system = new BenchSystem(mariaDb, kafka, connect);
        await system.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                CREATE TABLE backlog AS
                SELECT CAST(MOD(seq, 20000) AS CHAR) AS aggregate, seq DIV 20000 + 1 AS version,
                       CONCAT('{"orderId":"', UUID(), '","text":"', REPEAT('x', 380), '"}') AS payload
                FROM seq_1_to_{{rows}}
                """),
            cancellationToken);
        return system;
    }

    /// <summary>
    /// Puts the backlog into the outbox, the same rows each time but for their ids: an id that stands in a topic already is one that the janitor removes.
    /// </summary>
    public Task FillAsync(CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at, source)
        SELECT UUID(), 'order', CAST(CONCAT('01980000-0000-7000-8000-', LPAD(aggregate, 12, '0')) AS UUID), version, 'OrderCreated', payload, UTC_TIMESTAMP(6), 'bench' FROM backlog
        """,
        cancellationToken);

    /// <summary>Empties the outbox.</summary>
    public Task EmptyAsync(CancellationToken cancellationToken) => ExecuteAsync("TRUNCATE outbox_events", cancellationToken);

    public Task<TestProcess> StartRelayAsync(string publisher, CancellationToken cancellationToken) => TestProcess.StartAsync(
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "OutboxRelay.dll")],
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__ecommerce"] = $"Server=127.0.0.1;Port={MariaDb.Port};User ID=outbox_relay;Password=outbox_relay;Database=ecommerce;SslMode=None",
            ["ConnectionStrings__kafka"] = Kafka.BootstrapServers,
            ["Outbox__Publisher"] = publisher,
            ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{TestPorts.Free()}"),
            ["Logging__LogLevel__Default"] = "Warning",
        },
        AppContext.BaseDirectory,
        cancellationToken);

    /// <summary>A consumer of what is sent from now on, as the services read it.</summary>
    public IConsumer<byte[], byte[]> Consumer()
    {
        var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = Kafka.BootstrapServers,
            GroupId = "bench",
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
            FetchWaitMaxMs = 100,
        }).Build();
        consumer.Assign(Enumerable.Range(0, Topics.Orders.Partitions).Select(partition =>
        {
            var place = new TopicPartition(Topics.Orders.Name, partition);
            return new TopicPartitionOffset(place, consumer.QueryWatermarkOffsets(place, TimeSpan.FromSeconds(10)).High);
        }));
        return consumer;
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(Outbox);
        await connection.OpenAsync(cancellationToken);
        await using var command = new MySqlCommand("SELECT COUNT(*) FROM outbox_events", connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Connect.DisposeAsync();
        await Kafka.DisposeAsync();
        await MariaDb.DisposeAsync();
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(Outbox);
        await connection.OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
