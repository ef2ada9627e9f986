using EventDriven.AppHost;
using EventDriven.Migrator;
using EventDriven.TestSupport;

[assembly: AssemblyFixture(typeof(EventDriven.Connect.Tests.RealSystem))]

// Tests kill the servers that they share.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace EventDriven.Connect.Tests;

/// <summary>MariaDB, Apache Kafka and a Connect worker with Debezium, one of each for the assembly, set up as the AppHost sets them up.</summary>
public sealed class RealSystem : IAsyncLifetime
{
    private MariaDbServer? _mariaDb;
    private ApacheKafka? _kafka;
    private ConnectWorker? _connect;
    private ConnectClient? _worker;

    /// <summary>Why these tests are skipped, or null.</summary>
    public static string? Missing => KafkaDistribution.ConnectMissing ?? MariaDbServer.Missing;

    public MariaDbServer MariaDb => Required(_mariaDb);

    public ApacheKafka Kafka => Required(_kafka);

    public ConnectWorker Connect => Required(_connect);

    internal ConnectClient Worker => Required(_worker);

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        var cancellationToken = TestContext.Current.CancellationToken;
        var mariaDb = MariaDbServer.StartAsync(cancellationToken);
        _kafka = await ApacheKafka.StartAsync(cancellationToken);
        _mariaDb = await mariaDb;
        await MigrateAsync(prefix: "", cancellationToken);
        _connect = await ConnectWorker.StartAsync(
            _kafka,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [ConnectVariables.Kafka] = _kafka.BootstrapServers,
                [ConnectVariables.MariaDbHost] = "127.0.0.1",
                [ConnectVariables.MariaDbPort] = _mariaDb.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                [ConnectVariables.CdcPassword] = PasswordOf(DatabaseUsers.ChangeDataCapture),
                [ConnectVariables.OutboxPassword] = PasswordOf(DatabaseUsers.ChangeDataCapture),
                [ConnectVariables.SinkPassword] = PasswordOf(DatabaseUsers.JdbcSink),
            },
            cancellationToken);
        _worker = new ConnectClient(_connect.Http);
    }

    /// <summary>Runs the migrator for databases with a prefix.</summary>
    public Task MigrateAsync(string prefix, CancellationToken cancellationToken, string publisher = "Relay") => SchemaMigrator.MigrateAsync(
        new()
        {
            ServerConnectionString = MariaDb.AdminConnectionString,
            DatabasePrefix = prefix,
            Passwords = DatabaseUsers.All.ToDictionary(user => user, PasswordOf, StringComparer.Ordinal),
            KafkaBootstrapServers = Kafka.BootstrapServers,
            ConnectTopics = true,
            OutboxPublisher = publisher,
            Seed = false,
        },
        _ => { },
        cancellationToken);

    /// <summary>How a user reaches a database.</summary>
    public string ConnectionString(string user, string database) =>
        $"Server=127.0.0.1;Port={MariaDb.Port};User ID={user};Password={PasswordOf(user)};Database={database};SslMode=None";

    /// <summary>How the administrator reaches a database.</summary>
    public string AdminConnectionString(string database) => $"{MariaDb.AdminConnectionString};Database={database}";

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new IAsyncDisposable?[] { _connect, _kafka, _mariaDb })
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    internal static string PasswordOf(string user) => $"pw-{user}";

    /// <summary>Registers a connector and waits until its task runs.</summary>
    internal async Task RegisterAsync(string connector, IReadOnlyDictionary<string, string> configuration, CancellationToken cancellationToken)
    {
        await ConnectorRegistrar.RegisterAsync(Worker, connector, configuration, cancellationToken);
        await RunsAsync(connector, cancellationToken);
    }

    /// <summary>Waits until a connector and its task run.</summary>
    internal async Task RunsAsync(string connector, CancellationToken cancellationToken) => await Eventually.GetAsync(
        async cancellation => ConnectorHealth.Judge(await Worker.StatusAsync(connector, cancellation), oldest: null, TimeSpan.MaxValue),
        health => health.Status == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy,
        cancellationToken,
        TimeSpan.FromSeconds(60));

    /// <summary>Reads topics until there is enough; where that never comes, the error tells what the worker said last.</summary>
    internal async Task<IReadOnlyList<Confluent.Kafka.ConsumeResult<byte[], byte[]>>> ReadAsync(
        IReadOnlyList<Confluent.Kafka.TopicPartitionOffset> from,
        Func<IReadOnlyList<Confluent.Kafka.ConsumeResult<byte[], byte[]>>, bool> enough,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null)
    {
        try
        {
            return await Records.ReadAsync(Kafka.BootstrapServers, from, enough, cancellationToken, deadline);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}{Environment.NewLine}{Connect.Output}", exception);
        }
    }

    private static T Required<T>(T? part)
        where T : class
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        return part!;
    }
}
