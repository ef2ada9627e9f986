using MySqlConnector;

namespace EventDriven.OrderApi.Queries;

/// <summary>Reads rows of the projections.</summary>
internal sealed class ReadModel([FromKeyedServices("readmodel")] MySqlDataSource dataSource)
{
    /// <summary>All rows of a query.</summary>
    public async Task<List<T>> ListAsync<T>(
        string sql, Func<MySqlDataReader, T> row, CancellationToken cancellationToken, params IReadOnlyList<(string Name, object? Value)> parameters)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value is DateTimeOffset instant ? instant.UtcDateTime : value);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>The row with an id, or null.</summary>
    public async Task<T?> FindAsync<T>(string sql, Guid id, Func<MySqlDataReader, T> row, CancellationToken cancellationToken)
        where T : class => (await ListAsync(sql, row, cancellationToken, ("@id", id))).SingleOrDefault();
}
