using System.Data;
using EventDriven.ServiceDefaults.MariaDb;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace EventDriven.OutboxRelay.Outbox;

/// <summary>Reading and emptying the outbox.</summary>
internal sealed class OutboxStore([FromKeyedServices("ecommerce")] MySqlDataSource database) : IAsyncDisposable
{
    /// <summary>How many rows one look sees. As many means that there may be more behind them.</summary>
    public const int LookLimit = 64;

    // Rows of a batch are in memory at once; payloads may have 512 KiB.
    private const long MaxBytes = 32 * 1024 * 1024;
    private const string Columns =
        "sequence, shard, id, aggregate_type, aggregate_id, aggregate_version, event_type, CAST(payload AS BINARY), created_at, correlation_id, causation_id, source, traceparent, tracestate";

    private MySqlCommand? _look;

    /// <summary>
    /// The shards of the first rows: a look along the primary key, as cheap as can be, for it is repeated many times a second. It has a connection of its own:
    /// one from the pool is reset each time, a round trip more. Not to be called twice at once.
    /// </summary>
    public async Task<IReadOnlyList<int>> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var look = _look ??= await PrepareLookAsync(cancellationToken);
            await using var reader = await look.ExecuteReaderAsync(cancellationToken);
            List<int> shards = [];
            while (await reader.ReadAsync(cancellationToken))
            {
                shards.Add(reader.GetInt32(0));
            }

            return shards;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _look, null) is { } look)
        {
            await look.Connection!.DisposeAsync();
            await look.DisposeAsync();
        }
    }

    /// <summary>
    /// The first rows of each shard, in order within the shard, all as of one moment. Always from the shard's beginning, never from behind the last row seen:
    /// a row with a lower number may be committed later.
    /// </summary>
    /// <param name="shards">Which shards; where the batch is full before the last one, those at the end go without.</param>
    /// <param name="perShard">Most rows of a shard.</param>
    /// <param name="batch">Most rows.</param>
    /// <param name="without">Aggregates to leave out.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public Task<IReadOnlyList<OutboxRow>> ReadAsync(
        IReadOnlyList<int> shards, int perShard, int batch, IReadOnlyCollection<Guid> without, CancellationToken cancellationToken)
    {
        var sql = new SqlBuilder();
        for (var i = 0; i < shards.Count; i++)
        {
            sql.Sql(i == 0 ? "(" : " UNION ALL (").Sql($"SELECT {Columns} FROM outbox_events FORCE INDEX (ix_outbox_shard) WHERE shard = ").Value(shards[i]);
            if (without.Count > 0)
            {
                sql.Sql(" AND aggregate_id NOT IN (").List(without).Sql(")");
            }

            sql.Sql(" ORDER BY sequence LIMIT ").Value(perShard).Sql(")");
        }

        return RowsAsync(sql.Sql(" LIMIT ").Value(batch), cancellationToken);
    }

    /// <summary>The first rows of one aggregate.</summary>
    public Task<IReadOnlyList<OutboxRow>> ReadAggregateAsync(int shard, Guid aggregate, int limit, CancellationToken cancellationToken) =>
        RowsAsync(
            new SqlBuilder().Sql($"SELECT {Columns} FROM outbox_events FORCE INDEX (ix_outbox_shard) WHERE shard = ").Value(shard)
                .Sql(" AND aggregate_id = ").Value(aggregate).Sql(" ORDER BY sequence LIMIT ").Value(limit),
            cancellationToken);

    /// <summary>Removes sent rows, but only those of shards that the relay still holds under the same fence: what it no longer holds, the new owner sends and removes.</summary>
    /// <returns>How many rows were removed.</returns>
    public async Task<int> RemoveAsync(string relay, IReadOnlyDictionary<int, ulong> fences, IReadOnlyList<OutboxRow> sent, CancellationToken cancellationToken)
    {
        var shards = sent.Select(row => row.Shard).Distinct().ToList();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var held = new HashSet<int>();
        await using (var command = new SqlBuilder()
            .Sql("SELECT shard FROM outbox_shard_leases WHERE owner = ").Value(relay).Sql(" AND (shard, fence) IN (")
            .Rows(shards, shard => [shard, fences[shard]]).Sql(") ORDER BY shard FOR UPDATE").ToCommand(connection, transaction))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                held.Add(reader.GetInt32(0));
            }
        }

        var sequences = sent.Where(row => held.Contains(row.Shard)).Select(row => row.Sequence).ToList();
        var removed = sequences.Count == 0
            ? 0
            : await new SqlBuilder().Sql("DELETE FROM outbox_events WHERE sequence IN (").List(sequences).Sql(")").ExecuteAsync(transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return removed;
    }

    /// <summary>How many rows there are, counted up to a limit, and when the first was written.</summary>
    public async Task<(long Depth, DateTime? Oldest)> MeasureAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new SqlBuilder()
            .Sql("SELECT COUNT(*) FROM (SELECT 1 FROM outbox_events LIMIT ").Value(limit).Sql(") AS counted; SELECT created_at FROM outbox_events ORDER BY sequence LIMIT 1")
            .ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var depth = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        return (depth, await reader.ReadAsync(cancellationToken) ? Utc(reader.GetDateTime(0)) : null);
    }

    private async Task<MySqlCommand> PrepareLookAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        var command = new MySqlCommand($"SELECT shard FROM outbox_events ORDER BY sequence LIMIT {LookLimit}", connection);
        await command.PrepareAsync(cancellationToken);
        return command;
    }

    private async Task<IReadOnlyList<OutboxRow>> RowsAsync(SqlBuilder sql, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<OutboxRow> rows = [];
        var bytes = 0L;
        while (bytes < MaxBytes && await reader.ReadAsync(cancellationToken))
        {
            var row = Row(reader);
            bytes += row.Payload.Length;
            rows.Add(row);
        }

        return rows;
    }

    private static OutboxRow Row(MySqlDataReader reader) => new()
    {
        Sequence = reader.GetInt64(0),
        Shard = reader.GetInt32(1),
        Id = reader.GetGuid(2),
        AggregateType = reader.GetString(3),
        AggregateId = reader.GetGuid(4),
        AggregateVersion = reader.GetInt32(5),
        EventType = reader.GetString(6),
        Payload = (byte[])reader.GetValue(7),
        CreatedAt = Utc(reader.GetDateTime(8)),
        CorrelationId = Text(reader, 9),
        CausationId = Text(reader, 10),
        Source = Text(reader, 11),
        TraceParent = Text(reader, 12),
        TraceState = Text(reader, 13),
    };

    private static DateTime Utc(DateTime value) => DateTime.SpecifyKind(value, DateTimeKind.Utc);

    private static string? Text(MySqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
