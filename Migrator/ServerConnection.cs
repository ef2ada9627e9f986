using MySqlConnector;

namespace EventDriven.Migrator;

/// <summary>Connecting to a server that may still be starting, and small commands on it.</summary>
internal static class ServerConnection
{
    /// <summary>Opens a connection, waiting for a server that does not answer yet.</summary>
    /// <exception cref="MigrationException">It does not answer in time, or refuses the account.</exception>
    public static async Task<MySqlConnection> ConnectAsync(
        MySqlConnectionStringBuilder settings, TimeSpan patience, Action<string> report, CancellationToken cancellationToken)
    {
        var deadline = TimeProvider.System.GetTimestamp() + (long)(patience.TotalSeconds * TimeProvider.System.TimestampFrequency);
        var waiting = false;
        while (true)
        {
            var connection = new MySqlConnection(settings.ConnectionString);
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (MySqlException e)
            {
                await connection.DisposeAsync();
                var late = TimeProvider.System.GetTimestamp() >= deadline;
                if (late || e.ErrorCode is not MySqlErrorCode.UnableToConnectToHost)
                {
                    throw new MigrationException($"MariaDB at {settings.Server}:{settings.Port}: {OneLine(e.Message)}{(late ? $" (waited {patience.TotalSeconds:0} s)" : "")}", e);
                }
            }

            if (!waiting)
            {
                report($"waiting for MariaDB at {settings.Server}:{settings.Port}");
            }

            waiting = true;
            await Task.Delay(250, cancellationToken);
        }
    }

    /// <summary>Takes a lock that lasts as long as the connection.</summary>
    /// <exception cref="MigrationException">Another connection still holds it after <paramref name="patience"/>.</exception>
    public static async Task LockAsync(MySqlConnection connection, string name, TimeSpan patience, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand("SELECT GET_LOCK(@name, @seconds)", connection) { CommandTimeout = (int)patience.TotalSeconds + 30 };
        command.Parameters.AddWithValue("@name", name);
        command.Parameters.AddWithValue("@seconds", patience.TotalSeconds);
        if (await command.ExecuteScalarAsync(cancellationToken) is not (1 or 1L))
        {
            throw new MigrationException($"another migrator has held the lock '{name}' for {patience.TotalSeconds:0} s");
        }
    }

    /// <summary>Runs one statement.</summary>
    /// <exception cref="MigrationException">The server refuses it.</exception>
    public static async Task ExecuteAsync(MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(sql, connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (MySqlException e)
        {
            throw new MigrationException($"{sql}: {OneLine(e.Message)}", e);
        }
    }

    /// <summary>The text with its line ends made spaces.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
