using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventDriven.Contracts;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.Outbox;

/// <summary>
/// One attempt at a transaction. Writes and events are kept until the end and sent together with COMMIT in one round trip;
/// BEGIN goes out with the first read.
/// </summary>
public sealed class OutboxTransaction
{
    private static readonly string[] Begin = ["SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "START TRANSACTION"];

    private readonly MySqlConnection _connection;
    private readonly string _source;
    private readonly EventContext _context;
    private readonly List<MySqlBatchCommand> _writes = [];
    private readonly List<(DomainEvent Event, int Version)> _events = [];
    private bool _begun;

    internal OutboxTransaction(MySqlConnection connection, string source, EventContext context, DateTimeOffset now)
    {
        (_connection, _source, _context) = (connection, source, context);
        Now = new(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }

    /// <summary>The instant of this transaction, for its rows and events alike: UTC, to the microsecond as DATETIME(6) keeps it.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>A statement with its parameters.</summary>
    public static MySqlBatchCommand Statement(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = new MySqlBatchCommand(sql);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value is DateTimeOffset instant ? instant.UtcDateTime : value);
        }

        return command;
    }

    /// <summary>Runs statements at once, in one round trip; the reader begins at the first one that answers with rows.</summary>
    /// <exception cref="MySqlException">MariaDB refused one; those after it were not run.</exception>
    public async Task<MySqlDataReader> ReadAsync(CancellationToken cancellationToken, params MySqlBatchCommand[] statements)
    {
        await using var batch = new MySqlBatch(_connection);
        AddBegin(batch);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement);
        }

        return await batch.ExecuteReaderAsync(cancellationToken);
    }

    /// <summary>Adds a statement that is sent with COMMIT, in the order of the calls.</summary>
    public void Write(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _writes.Add(Statement(sql, parameters));

    /// <summary>Adds an event that is sent after all writes, in the order of the calls.</summary>
    /// <param name="domainEvent">What happened.</param>
    /// <param name="aggregateVersion">The version of its aggregate after it; the caller has locked the aggregate, so that no other event takes it.</param>
    public void Publish(DomainEvent domainEvent, int aggregateVersion) => _events.Add((domainEvent, aggregateVersion));

    internal async Task CommitAsync(CancellationToken cancellationToken)
    {
        await using var batch = new MySqlBatch(_connection);
        AddBegin(batch);
        foreach (var write in _writes)
        {
            batch.BatchCommands.Add(write);
        }

        if (_events.Count > 0)
        {
            batch.BatchCommands.Add(InsertEvents());
        }

        batch.BatchCommands.Add(new MySqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        _begun = false;
    }

    internal async Task RollbackAsync()
    {
        if (!_begun || _connection.State != System.Data.ConnectionState.Open)
        {
            return;
        }

        try
        {
            await using var command = new MySqlCommand("ROLLBACK", _connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is MySqlException or InvalidOperationException)
        {
            // The connection is gone or unusable, and with it the transaction; the first error is the one to report.
        }
    }

    private void AddBegin(MySqlBatch batch)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        foreach (var statement in Begin)
        {
            batch.BatchCommands.Add(new MySqlBatchCommand(statement));
        }
    }

    private MySqlBatchCommand InsertEvents()
    {
        var activity = Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current : null;
        var ids = _events.ConvertAll(_ => Guid.CreateVersion7(Now));
        var sql = new StringBuilder(
            "INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at, "
            + "correlation_id, causation_id, source, traceparent, tracestate) VALUES ");
        var command = new MySqlBatchCommand();
        command.Parameters.AddWithValue("@at", Now.UtcDateTime);
        command.Parameters.AddWithValue("@correlation", _context.CorrelationId ?? activity?.TraceId.ToHexString() ?? ids[0].ToString());
        command.Parameters.AddWithValue("@causation", _context.CausationId);
        command.Parameters.AddWithValue("@source", _source);
        command.Parameters.AddWithValue("@parent", activity?.Id);
        command.Parameters.AddWithValue("@state", activity?.TraceStateString is { Length: > 0 } state ? state : null);
        for (var i = 0; i < _events.Count; i++)
        {
            var (domainEvent, version) = _events[i];
            sql.Append(CultureInfo.InvariantCulture,
                $"{(i == 0 ? "" : ",")}(@i{i},@t{i},@a{i},@v{i},@e{i},@p{i},@at,@correlation,@causation,@source,@parent,@state)");
            command.Parameters.AddWithValue($"@i{i}", ids[i]);
            command.Parameters.AddWithValue($"@t{i}", domainEvent.AggregateType);
            command.Parameters.AddWithValue($"@a{i}", domainEvent.AggregateId);
            command.Parameters.AddWithValue($"@v{i}", version);
            command.Parameters.AddWithValue($"@e{i}", domainEvent.EventType);
            command.Parameters.AddWithValue($"@p{i}", EventJson.Write(domainEvent));
        }

        command.CommandText = sql.ToString();
        return command;
    }
}
