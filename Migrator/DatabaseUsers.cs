using System.Text.RegularExpressions;
using MySqlConnector;

namespace EventDriven.Migrator;

/// <summary>One database user per service, each with what its <c>grants.sql</c> lines say and no more.</summary>
internal static partial class DatabaseUsers
{
    /// <summary>Creates the users that have a password, sets it, and grants what the grants files say.</summary>
    /// <exception cref="MigrationException">A user has a bad name, or the server refuses a statement.</exception>
    public static async Task ApplyAsync(MySqlConnection server, MigratorOptions options, Action<string> report, CancellationToken cancellationToken)
    {
        // Users belong to the whole server: migrators of different prefixes must not create the same one at the same moment.
        await ServerConnection.LockAsync(server, "migrator users", options.Patience, cancellationToken);
        foreach (var (user, password) in options.Passwords)
        {
            if (!UserName().IsMatch(user))
            {
                throw new MigrationException($"Users:{user}: only lower-case letters and underscores.");
            }

            await SetPasswordAsync(server, user, password, cancellationToken);
        }

        foreach (var database in Scripts.Databases)
        {
            await server.ChangeDatabaseAsync(options.DatabasePrefix + database, cancellationToken);
            foreach (var grant in Scripts.Grants(database).Where(grant => options.Passwords.ContainsKey(grant.User)))
            {
                await ServerConnection.ExecuteAsync(server, grant.Statement, cancellationToken);
            }
        }

        report(options.Passwords.Count == 0 ? "users: none configured" : $"users: {string.Join(", ", options.Passwords.Keys.Order(StringComparer.Ordinal))}");
    }

    private static async Task SetPasswordAsync(MySqlConnection server, string user, string password, CancellationToken cancellationToken)
    {
        // A password cannot be a parameter of these statements; quoting makes it a literal, and it must not show in an error.
        var literal = $"'{password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
        try
        {
            await using var command = new MySqlCommand(
                $"CREATE USER IF NOT EXISTS '{user}'@'%' IDENTIFIED BY {literal}; ALTER USER '{user}'@'%' IDENTIFIED BY {literal}", server);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (MySqlException e)
        {
            throw new MigrationException($"user {user}: {ServerConnection.OneLine(e.Message)}", e);
        }
    }

    [GeneratedRegex("^[a-z_]{1,80}$", RegexOptions.None, 1000)]
    private static partial Regex UserName();
}
