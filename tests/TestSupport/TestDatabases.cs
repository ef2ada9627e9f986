using System.Collections.Concurrent;
using System.Globalization;
using EventDriven.Migrator;
using MySqlConnector;

namespace EventDriven.TestSupport;

/// <summary>
/// The system's three databases under a prefix of their own, migrated, so that tests share a server without seeing each other.
/// They are dropped when the test lets go of them.
/// </summary>
public sealed class TestDatabases : IAsyncDisposable
{
    private static readonly string[] Users = ["order_api", "outbox_relay", "projection_worker", "analytics_worker", "cdc", "jdbc_sink"];
    private static readonly string[] Names = ["ecommerce", "readmodel", "analytics"];
    private static int _made;

    private readonly MariaDbServer _server;
    private readonly ConcurrentDictionary<string, MySqlDataSource> _dataSources = new(StringComparer.Ordinal);

    private TestDatabases(MariaDbServer server, string prefix) => (_server, Prefix) = (server, prefix);

    /// <summary>What stands before <c>ecommerce</c>, <c>readmodel</c> and <c>analytics</c> in the databases' names.</summary>
    public string Prefix { get; }

    /// <summary>Creates and migrates databases on a server; their names begin with a prefix that no other test has.</summary>
    /// <param name="server">The server, one for a test assembly.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="seed">Add the sample customers and products.</param>
    public static async Task<TestDatabases> CreateAsync(MariaDbServer server, CancellationToken cancellationToken, bool seed = false)
    {
        var databases = new TestDatabases(server, string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _made)}_"));
        await SchemaMigrator.MigrateAsync(databases.MigratorOptions(seed), _ => { }, cancellationToken);
        return databases;
    }

    /// <summary>What the migrator was run with, to run it again.</summary>
    public MigratorOptions MigratorOptions(bool seed = false) => new()
    {
        ServerConnectionString = _server.AdminConnectionString,
        DatabasePrefix = Prefix,
        Passwords = Users.ToDictionary(user => user, PasswordOf, StringComparer.Ordinal),
        Seed = seed,
    };

    /// <summary>How a service's user reaches a database.</summary>
    /// <param name="user">Such as <c>order_api</c>.</param>
    /// <param name="database"><c>ecommerce</c>, <c>readmodel</c> or <c>analytics</c>.</param>
    public string ConnectionString(string user, string database) =>
        $"Server=127.0.0.1;Port={_server.Port};User ID={user};Password={PasswordOf(user)};Database={Prefix}{database};SslMode=None";

    /// <summary>How the administrator reaches a database: to look at what a service's user may not see.</summary>
    public string AdminConnectionString(string database) => $"{_server.AdminConnectionString};Database={Prefix}{database}";

    /// <summary>Connections of a service's user; the same source each time, closed with the databases.</summary>
    public MySqlDataSource DataSource(string user, string database) =>
        _dataSources.GetOrAdd(ConnectionString(user, database), static settings => new MySqlDataSource(settings));

    /// <summary>Connections of the administrator.</summary>
    public MySqlDataSource AdminDataSource(string database) =>
        _dataSources.GetOrAdd(AdminConnectionString(database), static settings => new MySqlDataSource(settings));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var dataSource in _dataSources.Values)
        {
            await dataSource.DisposeAsync();
        }

        await using var connection = new MySqlConnection(_server.AdminConnectionString);
        await connection.OpenAsync();
        foreach (var name in Names)
        {
            await using var command = new MySqlCommand($"DROP DATABASE IF EXISTS `{Prefix}{name}`", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static string PasswordOf(string user) => $"pw-{user}";
}
