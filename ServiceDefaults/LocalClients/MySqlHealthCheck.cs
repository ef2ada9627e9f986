using Microsoft.Extensions.Diagnostics.HealthChecks;
using MySqlConnector;

namespace Microsoft.Extensions.Hosting;

/// <summary>Healthy when a connection can be opened and answers a ping.</summary>
internal sealed class MySqlHealthCheck(MySqlDataSource dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            return await connection.PingAsync(cancellationToken) ? HealthCheckResult.Healthy() : Failed(context, null);
        }
        catch (MySqlException exception)
        {
            return Failed(context, exception);
        }
    }

    private static HealthCheckResult Failed(HealthCheckContext context, MySqlException? exception) =>
        new(context.Registration.FailureStatus, exception?.Message, exception);
}
