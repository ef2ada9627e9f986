using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.Migrator.Tests;

public sealed class SchemaMigratorTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var lines = new List<string>();
        await SchemaMigrator.MigrateAsync(databases.MigratorOptions(), lines.Add, Cancellation);
        Assert.Equal(3, lines.Count(line => line.EndsWith(": up to date", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_at_once_migrate_once()
    {
        var lines = new System.Collections.Concurrent.ConcurrentBag<string>();
        var options = new MigratorOptions { ServerConnectionString = (await mariaDb.ServerAsync(Cancellation)).AdminConnectionString, DatabasePrefix = "two_" };
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SchemaMigrator.MigrateAsync(options, lines.Add, Cancellation)));
        Assert.Equal(1, lines.Count(line => line.StartsWith("two_ecommerce: applied", StringComparison.Ordinal)));
        Assert.Equal(3, lines.Count(line => line.StartsWith("two_ecommerce: up to date", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_run_that_died_half_way_is_finished_by_the_next()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await using (var connection = await databases.AdminDataSource("ecommerce").OpenConnectionAsync(Cancellation))
        {
            // As after a crash in the first script: some tables stand, the script is not in the changelog.
            await using var command = new MySqlCommand("DROP TABLE order_items, outbox_events; DELETE FROM changelog WHERE version = '1'", connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await SchemaMigrator.MigrateAsync(databases.MigratorOptions(), _ => { }, Cancellation);
        await using var check = databases.AdminDataSource("ecommerce").CreateCommand("SELECT COUNT(*) FROM order_items");
        Assert.Equal(0L, await check.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Sample_data_comes_with_its_events_and_only_once()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation, seed: true);
        await SchemaMigrator.MigrateAsync(databases.MigratorOptions(seed: true), _ => { }, Cancellation);
        await using var check = databases.AdminDataSource("ecommerce").CreateCommand(
            """
            SELECT CONCAT((SELECT COUNT(*) FROM customers), ' ', (SELECT COUNT(*) FROM products), ' ',
                (SELECT GROUP_CONCAT(DISTINCT event_type, aggregate_version ORDER BY event_type) FROM outbox_events), ' ',
                (SELECT COUNT(*) FROM outbox_events))
            """);
        Assert.Equal("3 5 CustomerRegistered1,ProductListed1 8", await check.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task A_changed_password_is_set()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        const string Password = """it's "quoted" \ and; long""";
        await SchemaMigrator.MigrateAsync(
            databases.MigratorOptions() with { Passwords = new Dictionary<string, string>(StringComparer.Ordinal) { ["password_test"] = Password } }, _ => { }, Cancellation);
        var settings = new MySqlConnectionStringBuilder((await mariaDb.ServerAsync(Cancellation)).AdminConnectionString) { UserID = "password_test", Password = Password, Pooling = false };
        await using var connection = new MySqlConnection(settings.ConnectionString);
        await connection.OpenAsync(Cancellation);
    }

    [Theory]
    [InlineData("order_api", "ecommerce", "SELECT payload FROM outbox_events")]
    [InlineData("order_api", "ecommerce", "DELETE FROM orders")]
    [InlineData("order_api", "ecommerce", "DROP TABLE orders")]
    [InlineData("order_api", "readmodel", "CREATE TABLE t (a INT)")]
    [InlineData("outbox_relay", "ecommerce", "SELECT * FROM orders")]
    [InlineData("outbox_relay", "ecommerce", "INSERT INTO outbox_events (id) VALUES (UUID())")]
    [InlineData("projection_worker", "ecommerce", "SELECT 1")]
    [InlineData("analytics_worker", "readmodel", "SELECT 1")]
    public async Task A_user_may_not_do_what_its_service_does_not(string user, string database, string sql)
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var refused = await Assert.ThrowsAsync<MySqlException>(async () =>
        {
            await using var command = databases.DataSource(user, database).CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Cancellation);
        });
        Assert.Contains(refused.ErrorCode, (MySqlErrorCode[])
            [MySqlErrorCode.TableAccessDenied, MySqlErrorCode.DatabaseAccessDenied, MySqlErrorCode.ColumnAccessDenied]);
    }

    [Theory]
    [InlineData("Server=127.0.0.1;Port={0};User ID=root;Password=wrong", "Access denied")]
    [InlineData("Server=127.0.0.1;Port=1;User ID=root", "waited 1 s")]
    [InlineData("Server=127.0.0.1;Colour=blue", "ConnectionStrings:mariadb")]
    public async Task What_cannot_be_reached_is_named_in_one_line(string connectionString, string expected)
    {
        var options = new MigratorOptions
        {
            ServerConnectionString = string.Format(System.Globalization.CultureInfo.InvariantCulture, connectionString, (await mariaDb.ServerAsync(Cancellation)).Port),
            Patience = TimeSpan.FromSeconds(1),
        };
        var failure = await Assert.ThrowsAsync<MigrationException>(() => SchemaMigrator.MigrateAsync(options, _ => { }, Cancellation));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void A_line_that_is_no_grant_is_refused() =>
        Assert.Throws<MigrationException>(() => Scripts.ParseGrants("ecommerce", "-- fine\nGRANT SELECT ON t TO a;\nDROP TABLE t;\n"));
}
