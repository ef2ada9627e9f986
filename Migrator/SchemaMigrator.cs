using System.Text.RegularExpressions;
using EventDriven.Contracts;
using EvolveDb;
using EvolveDb.Dialect;
using MySqlConnector;

namespace EventDriven.Migrator;

/// <summary>Brings databases, users, topics and sample data to the state this version of the system expects. Running it again changes nothing.</summary>
public static partial class SchemaMigrator
{
    /// <summary>Migrates everything that the options name.</summary>
    /// <param name="options">What to migrate, and where.</param>
    /// <param name="report">Gets one line for each step.</param>
    /// <param name="cancellationToken">Ends the run between two steps.</param>
    /// <exception cref="MigrationException">A step failed; the message says which and why.</exception>
    public static async Task MigrateAsync(MigratorOptions options, Action<string> report, CancellationToken cancellationToken)
    {
        if (!Prefix().IsMatch(options.DatabasePrefix))
        {
            throw new MigrationException($"DatabasePrefix '{options.DatabasePrefix}': only lower-case letters, digits and underscores.");
        }

        var settings = ServerSettings(options.ServerConnectionString);
        await using (var server = await ServerConnection.ConnectAsync(settings, options.Patience, report, cancellationToken))
        {
            // Two migrators may start at once: the second waits here and then finds nothing to do. The lock goes with the connection.
            await ServerConnection.LockAsync(server, $"{options.DatabasePrefix}migrator", options.Patience, cancellationToken);
            foreach (var database in Scripts.Databases)
            {
                await MigrateDatabaseAsync(server, settings, options.DatabasePrefix + database, database, report, cancellationToken);
            }

            await DatabaseUsers.ApplyAsync(server, options, report, cancellationToken);
            if (options.Seed)
            {
                await SeedAsync(settings, options.DatabasePrefix + "ecommerce", report, cancellationToken);
            }
            await RecordPublisherAsync(server, options, report, cancellationToken);
        }

        if (options.KafkaBootstrapServers is { } bootstrapServers)
        {
            await TopicCreator.CreateAsync(bootstrapServers, DeclaredTopics(options), options.Patience, report, cancellationToken);
        }
    }

    internal static IReadOnlyList<DeclaredTopic> DeclaredTopics(MigratorOptions options) =>
        [.. (options.ConnectTopics ? Topics.All.Concat(ConnectTopics.All) : Topics.All).Select(topic => DeclaredTopic.Of(topic, options.TopicReplication))];

    private static async Task RecordPublisherAsync(MySqlConnection server, MigratorOptions options, Action<string> report, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            $"""
            INSERT INTO `{options.DatabasePrefix}ecommerce`.outbox_publisher (publisher, changed_at) VALUES (@publisher, UTC_TIMESTAMP(6))
            ON DUPLICATE KEY UPDATE changed_at = IF(publisher = @publisher, changed_at, UTC_TIMESTAMP(6)), publisher = @publisher
            """,
            server);
        command.Parameters.AddWithValue("@publisher", options.OutboxPublisher);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (MySqlException e)
        {
            throw new MigrationException($"Outbox:Publisher={options.OutboxPublisher}: {ServerConnection.OneLine(e.Message)}", e);
        }

        report($"outbox: published by {options.OutboxPublisher}");
    }

    private static MySqlConnectionStringBuilder ServerSettings(string connectionString)
    {
        try
        {
            // Scripts are sent whole, with @variables in them. A pooled connection would keep its locks after it is closed.
            return new(connectionString) { AllowUserVariables = true, Database = "", Pooling = false };
        }
        catch (ArgumentException e)
        {
            throw new MigrationException($"ConnectionStrings:mariadb: {e.Message}", e);
        }
    }

    private static async Task MigrateDatabaseAsync(
        MySqlConnection server, MySqlConnectionStringBuilder settings, string name, string scripts, Action<string> report, CancellationToken cancellationToken)
    {
        await ServerConnection.ExecuteAsync(
            server, $"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci", cancellationToken);

        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(settings.ConnectionString) { Database = name }.ConnectionString);
        string? current = null;
        try
        {
            var evolve = new Evolve(connection, line => current = line, DBMS.MySQL)
            {
                Schemas = [name],
                EmbeddedResourceAssemblies = [typeof(SchemaMigrator).Assembly],
                EmbeddedResourceFilters = [Scripts.ResourcePrefix(scripts)],
                EnableClusterMode = false, // Its lock is one for the whole server and polls; ours is one per set of databases and waits.
                IsEraseDisabled = true,
                OutOfOrder = true, // Each service numbers its own scripts.
            };
            await Task.Run(evolve.Migrate, cancellationToken); // Evolve has no asynchronous way.
            report(evolve.AppliedMigrations.Count == 0
                ? $"{name}: up to date"
                : $"{name}: applied {string.Join(", ", evolve.AppliedMigrations)}");
        }
        catch (Exception e) when (e is EvolveException or MySqlException)
        {
            throw new MigrationException($"{name}: {ServerConnection.OneLine(e.InnerException?.Message ?? e.Message)}{(current is null ? "" : $" (last step: {ServerConnection.OneLine(current)})")}", e);
        }
    }

    private static async Task SeedAsync(MySqlConnectionStringBuilder settings, string database, Action<string> report, CancellationToken cancellationToken)
    {
        try
        {
            await using var dataSource = new MySqlDataSource(new MySqlConnectionStringBuilder(settings.ConnectionString) { Database = database }.ConnectionString);
            var added = await SampleData.AddAsync(dataSource, cancellationToken);
            report(added == 0 ? "sample data: there already" : $"sample data: {added} customers and products added, with their events");
        }
        catch (MySqlException e)
        {
            throw new MigrationException($"sample data: {ServerConnection.OneLine(e.Message)}", e);
        }
    }

    [GeneratedRegex("^[a-z0-9_]*$", RegexOptions.None, 1000)]
    private static partial Regex Prefix();
}
