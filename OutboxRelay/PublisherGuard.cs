using EventDriven.ServiceDefaults.Messaging;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace EventDriven.OutboxRelay;

/// <summary>
/// Keeps a relay from publishing an outbox that was given to Debezium: the migrator recorded the publisher in the database. A relay that was told otherwise
/// says so and ends.
/// </summary>
internal sealed class PublisherGuard(
    [FromKeyedServices("ecommerce")] MySqlDataSource database, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<PublisherGuard> logger)
{
    /// <summary>Waits until the database says who publishes.</summary>
    /// <returns>Whether this relay may.</returns>
    public async Task<bool> MayPublishAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            try
            {
                var recorded = await RecordedAsync(cancellationToken);
                if (recorded is null || string.Equals(recorded, nameof(OutboxPublisher.Relay), StringComparison.Ordinal))
                {
                    return true;
                }

                Log.PublisherIsAnother(logger, recorded);
                Environment.ExitCode = 2;
                lifetime.StopApplication();
                return false;
            }
            catch (MySqlException exception)
            {
                Log.RoundFailed(logger, exception, ++failures);
                await Task.Delay(Backoff.After(failures), time, cancellationToken);
            }
        }
    }

    private async Task<string?> RecordedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand("SELECT publisher FROM outbox_publisher", connection);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
