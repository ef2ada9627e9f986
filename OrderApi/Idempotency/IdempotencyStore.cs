using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.Http;
using EventDriven.ServiceDefaults.Outbox;
using MySqlConnector;

namespace EventDriven.OrderApi.Idempotency;

/// <summary>
/// Keys and the answers given to them. A key is written first in the command's own transaction and its answer last, so that both are there
/// exactly if the effect is: a crash before COMMIT leaves nothing, one after it leaves the answer for the next try.
/// While the transaction is open its uncommitted row shows that the key is in flight.
/// </summary>
internal sealed class IdempotencyStore([FromKeyedServices("ecommerce")] MySqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Runs the work, or gives the answer that an earlier request with the key got.</summary>
    public async Task<IResult> RunOnceAsync(
        TransactionalOutbox outbox,
        IdempotencyKey key,
        Func<OutboxTransaction, CancellationToken, Task<CommandAnswer>> work,
        EventContext context,
        CancellationToken cancellationToken)
    {
        // A second round only where the stored answer expired, or vanished between two looks.
        for (var round = 0; round < 3; round++)
        {
            try
            {
                return await outbox.ExecuteAsync(
                    async (tx, cancellation) =>
                    {
                        await ClaimAsync(tx, key, cancellation);
                        var answer = await work(tx, cancellation);
                        Keep(tx, key, answer);
                        return answer;
                    },
                    cancellationToken,
                    context);
            }
            catch (KeyHeldException e)
            {
                if (e.InFlight)
                {
                    break;
                }
            }

            if (await FindAsync(key, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return new ProblemResult(Problem.InFlight());
    }

    /// <summary>Removes answers that have been kept long enough.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        const int Batch = 1000; // Short transactions: nobody waits for them.
        var removed = 0;
        int now;
        do
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var command = new MySqlCommand("DELETE FROM idempotency_keys WHERE expires_at <= @now LIMIT 1000", connection);
            command.Parameters.AddWithValue("@now", clock.GetUtcNow().UtcDateTime);
            now = await command.ExecuteNonQueryAsync(cancellationToken);
            removed += now;
        }
        while (now == Batch);
        return removed;
    }

    /// <summary>The stored answer of a key, a problem if the key stands for another request, or null if nothing is stored.</summary>
    public async Task<IResult?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(
            """
            DELETE FROM idempotency_keys WHERE idempotency_key = @key AND expires_at <= @now;
            SELECT request_hash, status, body, location, version FROM idempotency_keys WHERE idempotency_key = @key
            """,
            connection);
        command.Parameters.AddWithValue("@key", key.Value);
        command.Parameters.AddWithValue("@now", clock.GetUtcNow().UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        return ((byte[])reader.GetValue(0)).AsSpan().SequenceEqual(key.RequestHash)
            ? new CommandAnswer(
                reader.GetInt32(1),
                reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetInt32(4))
            { Replayed = true }
            : new ProblemResult(Problem.KeyReused());
    }

    private async Task ClaimAsync(OutboxTransaction tx, IdempotencyKey key, CancellationToken cancellationToken)
    {
        try
        {
            // Without waiting: a row of a transaction that is still open means that the first request is in flight.
            await using var reader = await tx.ReadAsync(cancellationToken, OutboxTransaction.Statement(
                """
                SET STATEMENT innodb_lock_wait_timeout = 0 FOR
                INSERT INTO idempotency_keys (idempotency_key, request_hash, expires_at) VALUES (@key, @hash, @expires)
                """,
                ("@key", key.Value), ("@hash", key.RequestHash), ("@expires", clock.GetUtcNow() + Kept)));
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.DuplicateKeyEntry or MySqlErrorCode.LockWaitTimeout)
        {
            throw new KeyHeldException(e.ErrorCode == MySqlErrorCode.LockWaitTimeout, e);
        }
    }

    private static void Keep(OutboxTransaction tx, IdempotencyKey key, CommandAnswer answer) => tx.Write(
        "UPDATE idempotency_keys SET status = @status, location = @location, version = @version, body = @body WHERE idempotency_key = @key",
        ("@status", answer.Status), ("@location", answer.Location), ("@version", answer.Version), ("@body", answer.Body), ("@key", key.Value));

    private sealed class KeyHeldException(bool inFlight, Exception inner) : Exception(inner.Message, inner)
    {
        public bool InFlight { get; } = inFlight;
    }
}
