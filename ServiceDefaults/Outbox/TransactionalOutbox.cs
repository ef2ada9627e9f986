using EventDriven.ServiceDefaults.MariaDb;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.Outbox;

/// <summary>
/// Changes of state and the events that tell of them, in one MariaDB transaction: both are there, or neither.
/// <code>await outbox.ExecuteAsync(tx => { tx.Write("UPDATE …", ("@id", id)); tx.Publish(new OrderDelivered(id, tx.Now), version); }, cancellationToken);</code>
/// The transaction runs at READ COMMITTED and is run again after errors 1020, 1205 and 1213, so the given function must be safe to run again.
/// </summary>
/// <param name="dataSource">The database that holds the tables and <c>outbox_events</c>.</param>
/// <param name="source">The name of this service, sent with each event.</param>
/// <param name="clock">Gives the instants of rows and events.</param>
public sealed class TransactionalOutbox(MySqlDataSource dataSource, string source, TimeProvider clock)
{
    /// <summary>Runs a transaction that needs to read nothing first: one round trip.</summary>
    /// <exception cref="MySqlException">MariaDB refused it, or could not be reached; in the second case it may have been committed.</exception>
    public Task ExecuteAsync(Action<OutboxTransaction> work, CancellationToken cancellationToken, EventContext? context = null) =>
        ExecuteAsync(
            (transaction, _) =>
            {
                work(transaction);
                return Task.FromResult(true);
            },
            cancellationToken,
            context);

    /// <summary>Runs a transaction and returns what <paramref name="work"/> returns.</summary>
    /// <param name="work">Reads, writes and publishes. What it throws rolls the transaction back.</param>
    /// <param name="cancellationToken">Gives up; the transaction is then rolled back, or was already committed.</param>
    /// <param name="context">What the events belong to.</param>
    /// <exception cref="MySqlException">MariaDB refused it, or could not be reached; in the second case it may have been committed.</exception>
    public Task<T> ExecuteAsync<T>(
        Func<OutboxTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken, EventContext? context = null) =>
        TransactionRetry.ExecuteAsync(cancellation => AttemptAsync(work, context ?? new(), cancellation), cancellationToken);

    private async Task<T> AttemptAsync<T>(
        Func<OutboxTransaction, CancellationToken, Task<T>> work, EventContext context, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var transaction = new OutboxTransaction(connection, source, context, clock.GetUtcNow());
        try
        {
            var result = await work(transaction, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch
        {
            await transaction.RollbackAsync();
            throw;
        }
    }
}
