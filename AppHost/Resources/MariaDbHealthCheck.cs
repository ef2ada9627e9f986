using Microsoft.Extensions.Diagnostics.HealthChecks;
using MySqlConnector;

namespace EventDriven.AppHost;

/// <summary>Healthy when the server lets the administrator in.</summary>
internal sealed class MariaDbHealthCheck(IResourceWithConnectionString server) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (await server.GetConnectionStringAsync(cancellationToken) is not { } connectionString)
        {
            return HealthCheckResult.Unhealthy("There is no connection string yet.");
        }

        try
        {
            var settings = new MySqlConnectionStringBuilder(connectionString) { Pooling = false, ConnectionTimeout = 5 };
            await using var connection = new MySqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return HealthCheckResult.Healthy(connection.ServerVersion);
        }
        catch (MySqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message, exception);
        }
    }
}
