using Microsoft.Extensions.Diagnostics.HealthChecks;
using MySqlConnector;

namespace EventDriven.AppHost;

/// <summary>Healthy when the connector and its tasks run and, for the sender of the outbox, no row waits for long.</summary>
/// <param name="connector">The connector.</param>
/// <param name="outbox">The connection string of the outbox that the connector sends; null where it sends none.</param>
internal sealed class ConnectorHealthCheck(ConnectorResource connector, ReferenceExpression? outbox) : IHealthCheck
{
    /// <summary>Debezium sends within tens of milliseconds; a transaction that a killed worker left open holds readers back for up to a minute, but not the sender.</summary>
    private static readonly TimeSpan OutboxPatience = TimeSpan.FromSeconds(30);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (connector.Keeper?.Refusal is { } refusal)
        {
            return HealthCheckResult.Unhealthy(refusal);
        }

        try
        {
            var status = await connector.Worker.StatusAsync(connector.Name, cancellationToken);
            var oldest = outbox is null ? null : await OldestAsync(outbox, cancellationToken);
            return ConnectorHealth.Judge(status, oldest, OutboxPatience);
        }
        catch (Exception exception) when (exception is HttpRequestException or ConnectException)
        {
            return HealthCheckResult.Unhealthy($"The worker does not answer: {exception.Message}", exception);
        }
        catch (MySqlException exception)
        {
            return HealthCheckResult.Unhealthy($"The outbox cannot be looked at: {exception.Message}", exception);
        }
    }

    private static async Task<TimeSpan?> OldestAsync(ReferenceExpression outbox, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(await outbox.GetValueAsync(cancellationToken));
        await connection.OpenAsync(cancellationToken);

        // The first by sequence is the oldest but for transactions that ran side by side, and needs no index of its own.
        await using var command = new MySqlCommand(
            "SELECT TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP(6)) FROM outbox_events ORDER BY sequence LIMIT 1", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is { } seconds and not DBNull
            ? TimeSpan.FromSeconds(Convert.ToDouble(seconds, System.Globalization.CultureInfo.InvariantCulture))
            : null;
    }
}
