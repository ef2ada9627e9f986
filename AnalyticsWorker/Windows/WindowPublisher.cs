using Confluent.Kafka;
using EventDriven.Contracts;
using EventDriven.ServiceDefaults.MariaDb;
using EventDriven.ServiceDefaults.Messaging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace EventDriven.AnalyticsWorker.Windows;

/// <summary>
/// Publishes changed windows from the table, after the commit that changed them. A window counts as published only once Kafka acknowledged it, so a crash
/// between the two publishes it again, never not at all. One worker publishes at a time, so that an older version does not land behind a newer one.
/// </summary>
internal sealed class WindowPublisher(
    [FromKeyedServices("analytics")] MySqlDataSource database,
    IProducer<byte[]?, byte[]?> producer,
    IOptions<AnalyticsOptions> options,
    TimeProvider time,
    ILogger<WindowPublisher> logger) : BackgroundService
{
    private const int AtATime = 500;
    private const string LockName = "CONCAT('publisher ', SHA1(CONCAT(DATABASE(), '.orders_per_minute')))";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        using var timer = new PeriodicTimer(options.Value.PublishEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await PublishAsync(stoppingToken) == AtATime)
                {
                }

                failures = 0;
            }
            catch (Exception exception) when (exception is MySqlException or KafkaException)
            {
                Log.PublishRetry(logger, exception, ++failures);
                await Task.Delay(Backoff.After(failures), time, stoppingToken);
            }
        }
    }

    /// <summary>Publishes what has changed. Returns how many windows that were.</summary>
    private async Task<int> PublishAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if ((await ChangedAsync(connection, cancellationToken)).Count == 0 || !await LockAsync(connection, cancellationToken))
        {
            return 0;
        }

        try
        {
            // Read under the lock: what the publisher before this one sent is marked by now.
            var windows = await ChangedAsync(connection, cancellationToken);
            await Task.WhenAll(windows.Select(window => producer.ProduceAsync(Topics.OrdersPerMinute.Name, WindowMessage.Of(window), cancellationToken)));
            await MarkAsync(windows, connection, cancellationToken);
            return windows.Count;
        }
        finally
        {
            await using var release = new MySqlCommand($"DO RELEASE_LOCK({LockName})", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static async Task<bool> LockAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand($"SELECT GET_LOCK({LockName}, 0)", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is 1 or 1L;
    }

    private static async Task<IReadOnlyList<OrdersPerMinute>> ChangedAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new SqlBuilder()
            .Sql("SELECT window_start, order_count, revenue, average, version FROM orders_per_minute WHERE unpublished = 1 ORDER BY window_start LIMIT ").Value(AtATime)
            .ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<OrdersPerMinute> windows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            windows.Add(new(new(reader.GetDateTime(0), TimeSpan.Zero), reader.GetInt32(1), reader.GetDecimal(2), reader.GetDecimal(3), reader.GetInt64(4)));
        }

        return windows;
    }

    private static async Task MarkAsync(IReadOnlyList<OrdersPerMinute> windows, MySqlConnection connection, CancellationToken cancellationToken)
    {
        var sql = new SqlBuilder();
        foreach (var window in windows)
        {
            sql.Sql("UPDATE orders_per_minute SET published_version = ").Value(window.Version).Sql(" WHERE window_start = ").Value(window.WindowStart.UtcDateTime)
                .Sql(" AND published_version < ").Value(window.Version).Sql("; ");
        }

        await using var command = sql.ToCommand(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
