using System.Data;
using EventDriven.ServiceDefaults.MariaDb;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace EventDriven.OutboxRelay.Janitor;

/// <summary>The outbox as the janitor sees it.</summary>
internal sealed class JanitorStore([FromKeyedServices("ecommerce")] MySqlDataSource database)
{
    /// <summary>Removes the rows of these events; one that is not there is no error.</summary>
    /// <returns>How many rows were removed.</returns>
    public Task<int> RemoveAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken) => TransactionRetry.ExecuteAsync(
        async cancellation =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            var removed = await new SqlBuilder().Sql("DELETE FROM outbox_events WHERE id IN (")
                .List(events.Order()).Sql(")").ExecuteAsync(transaction, cancellation);
            await transaction.CommitAsync(cancellation);
            return removed;
        },
        cancellationToken);

    /// <summary>When the oldest row was written, or null where there is none. A full scan: for once at the start.</summary>
    public async Task<DateTime?> OldestAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand("SELECT MIN(created_at) FROM outbox_events", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime oldest ? DateTime.SpecifyKind(oldest, DateTimeKind.Utc) : null;
    }
}
