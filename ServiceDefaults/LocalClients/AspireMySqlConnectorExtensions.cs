using Aspire.MySqlConnector;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MySqlConnector;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers MySQL data sources as the package Aspire.MySqlConnector does: same names, same configuration keys.</summary>
public static class AspireMySqlConnectorExtensions
{
    private const string Section = "Aspire:MySqlConnector";

    /// <summary>Registers a <see cref="MySqlDataSource"/> under the key <paramref name="name"/>, with health check, spans and metrics.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The service key and the name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after configuration was read.</param>
    /// <exception cref="InvalidOperationException">Thrown when the data source is first asked for and there is no connection string.</exception>
    public static void AddKeyedMySqlDataSource(
        this IHostApplicationBuilder builder, string name, Action<MySqlConnectorSettings>? configureSettings = null)
    {
        var settings = new MySqlConnectorSettings();
        builder.Configuration.GetSection(Section).Bind(settings);
        builder.Configuration.GetSection($"{Section}:{name}").Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.TryAddKeyedSingleton(name, (services, _) => DataSource(services, settings.ConnectionString, name));

        if (!settings.DisableHealthChecks)
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                $"MySql_{name}",
                services => new MySqlHealthCheck(services.GetRequiredKeyedService<MySqlDataSource>(name)),
                failureStatus: null,
                tags: null));
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("MySqlConnector"));
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("MySqlConnector"));
        }
    }

    // Checked when first used, not at registration, so that the error is logged by a running host.
    private static MySqlDataSource DataSource(IServiceProvider services, string? connectionString, string name)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new InvalidOperationException(
                $"There is no connection string: set 'ConnectionStrings:{name}', or 'ConnectionString' in '{Section}' or '{Section}:{name}'.");
        }

        return new MySqlDataSourceBuilder(connectionString).UseLoggerFactory(services.GetService<Logging.ILoggerFactory>()).UseName(name).Build();
    }
}
