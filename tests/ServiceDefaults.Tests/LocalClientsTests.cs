using EventDriven.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.Tests;

public sealed class LocalClientsTests
{
    [Fact]
    public async Task A_data_source_follows_its_connection_string_and_its_health_follows_the_server()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? string.Empty);
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await MariaDbServer.StartAsync(cancellation);
        using var app = App(("ConnectionStrings:ecommerce", server.AdminConnectionString));

        await using var connection = await app.Services.GetRequiredKeyedService<MySqlDataSource>("ecommerce").OpenConnectionAsync(cancellation);
        Assert.Contains("MariaDB", connection.ServerVersion, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(app));

        await server.KillAsync(cancellation);
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(app));

        await server.RestartAsync(cancellation);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(app));
    }

    [Fact]
    public void Without_a_connection_string_the_error_names_the_setting()
    {
        using var app = App();
        var error = Assert.Throws<InvalidOperationException>(() => app.Services.GetRequiredKeyedService<MySqlDataSource>("ecommerce"));
        Assert.Contains("ConnectionStrings:ecommerce", error.Message, StringComparison.Ordinal);
    }

    private static IHost App(params (string Key, string Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        foreach (var (key, value) in configuration)
        {
            builder.Configuration[key] = value;
        }

        builder.AddKeyedMySqlDataSource("ecommerce");
        return builder.Build();
    }

    private static async Task<HealthStatus> HealthAsync(IHost app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Status;
}
