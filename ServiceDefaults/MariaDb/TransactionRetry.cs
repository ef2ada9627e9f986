using System.Diagnostics.Metrics;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.MariaDb;

/// <summary>
/// Runs a transaction again when MariaDB rolled it back only because of another one: a row changed since it was read (1020),
/// a lock did not come free (1205), a deadlock (1213). Bounded, with full jitter, so that those who met do not meet again.
/// </summary>
public static class TransactionRetry
{
    /// <summary>How often a transaction is begun, the first time included.</summary>
    public const int MaxAttempts = 6;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(250);
    private static readonly Counter<long> Retries = Telemetry.Meter.CreateCounter<long>(
        "mariadb.transaction.retries", "{transaction}", "Transactions begun again after MariaDB rolled them back because of another one.");

    /// <summary>Whether the same transaction may succeed when it is run again.</summary>
    public static bool IsTransient(MySqlException exception) => exception.Number is 1020 or 1205 or 1213;

    /// <summary>Runs <paramref name="transaction"/> until it succeeds, fails for good, or has been begun <see cref="MaxAttempts"/> times.</summary>
    /// <param name="transaction">The whole transaction: it begins and ends it, and can be run again.</param>
    /// <param name="cancellationToken">Ends the wait between two attempts, and is handed on.</param>
    /// <exception cref="MySqlException">The error of the last attempt.</exception>
    public static async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> transaction, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await transaction(cancellationToken);
            }
            catch (MySqlException e) when (attempt < MaxAttempts && IsTransient(e))
            {
                Retries.Add(1, new KeyValuePair<string, object?>("error.type", e.Number));
            }

            await Task.Delay(DelayAfter(attempt, Random.Shared.NextDouble()), cancellationToken);
        }
    }

    /// <summary>The pause after an attempt: a random part of a span that doubles with each, up to 250 ms.</summary>
    internal static TimeSpan DelayAfter(int attempt, double random)
    {
        var span = FirstDelay * Math.Pow(2, attempt - 1);
        return (span < LongestDelay ? span : LongestDelay) * random;
    }
}
