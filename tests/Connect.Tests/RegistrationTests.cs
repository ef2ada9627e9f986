using EventDriven.AppHost;
using EventDriven.Contracts;
using EventDriven.TestSupport;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;

namespace EventDriven.Connect.Tests;

public sealed class RegistrationTests(RealSystem system)
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registering_again_changes_nothing_and_a_changed_setting_is_applied_once()
    {
        const string Name = "registered-often";
        var configuration = Harmless();
        await system.RegisterAsync(Name, configuration, CancellationToken);
        var stored = Stored();

        for (var restart = 0; restart < 50; restart++)
        {
            Assert.False(await ConnectorRegistrar.RegisterAsync(system.Worker, Name, configuration, CancellationToken));
        }

        Assert.Equal(stored, Stored());
        Assert.Single(await system.Worker.ListAsync(CancellationToken), name => name == Name);

        configuration["poll.interval.ms"] = "77";
        Assert.True(await ConnectorRegistrar.RegisterAsync(system.Worker, Name, configuration, CancellationToken));
        Assert.False(await ConnectorRegistrar.RegisterAsync(system.Worker, Name, configuration, CancellationToken));
        Assert.Equal("77", (await system.Worker.ConfigurationAsync(Name, CancellationToken))!["poll.interval.ms"]);
        await system.RunsAsync(Name, CancellationToken);

        Assert.True(await ConnectorRegistrar.RemoveAsync(system.Worker, Name, CancellationToken));
        Assert.False(await ConnectorRegistrar.RemoveAsync(system.Worker, Name, CancellationToken));
        Assert.DoesNotContain(Name, await system.Worker.ListAsync(CancellationToken));

        // Every change of a connector is a record there.
        long Stored() => Records.Ends(system.Kafka.BootstrapServers, "connect-configs").Sum(end => end.Offset.Value);
    }

    [Fact]
    public async Task A_configuration_that_the_connector_finds_wrong_is_refused_with_its_reason_and_not_registered()
    {
        var configuration = Harmless();
        configuration["snapshot.mode"] = "perhaps";
        var refused = await Assert.ThrowsAsync<ConnectException>(() => ConnectorRegistrar.RegisterAsync(system.Worker, "wrong", configuration, CancellationToken));
        Assert.Contains("snapshot.mode: The 'snapshot.mode' value is invalid", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", await system.Worker.ListAsync(CancellationToken));
    }

    [Fact]
    public async Task No_secret_stands_in_what_the_worker_answers()
    {
        const string Name = "secretive";
        await system.RegisterAsync(Name, Harmless(), CancellationToken);
        Assert.DoesNotContain(RealSystem.PasswordOf(DatabaseUsers.ChangeDataCapture), await system.Connect.Http.GetStringAsync($"connectors/{Name}", CancellationToken), StringComparison.Ordinal);
        await ConnectorRegistrar.RemoveAsync(system.Worker, Name, CancellationToken);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_with_the_reason_and_accepted_once_it_is_mended()
    {
        const string Name = "locked-out";
        await SetPasswordAsync("another");
        try
        {
            var refused = await Assert.ThrowsAsync<ConnectException>(() => ConnectorRegistrar.RegisterAsync(system.Worker, Name, Harmless(), CancellationToken));
            Assert.Contains("Access denied for user 'cdc'", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await SetPasswordAsync(RealSystem.PasswordOf(DatabaseUsers.ChangeDataCapture));
        }

        await system.RegisterAsync(Name, Harmless(), CancellationToken);
        await ConnectorRegistrar.RemoveAsync(system.Worker, Name, CancellationToken);
    }

    [Fact]
    public async Task A_running_connector_whose_task_fails_shows_why_and_restarting_what_failed_heals_it()
    {
        const string Name = "fails-and-heals";
        await system.RegisterAsync(Name, Harmless(), CancellationToken);
        await SetPasswordAsync("another");
        try
        {
            // Its open connections live on; a restart makes it log in again.
            await system.Worker.RestartAsync(Name, onlyFailed: false, CancellationToken);
            var health = await Eventually.GetAsync(HealthAsync, seen => seen.Status == HealthStatus.Unhealthy && seen.Description!.Contains("failed", StringComparison.Ordinal), CancellationToken);
            Assert.Contains("Access denied for user 'cdc'", health.Description, StringComparison.Ordinal);
        }
        finally
        {
            await SetPasswordAsync(RealSystem.PasswordOf(DatabaseUsers.ChangeDataCapture));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        var keeping = new ConnectorKeeper(system.Worker, Name, Harmless(), NullLogger.Instance, TimeProvider.System).RunAsync(stop.Token);
        await system.RunsAsync(Name, CancellationToken);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
        await ConnectorRegistrar.RemoveAsync(system.Worker, Name, CancellationToken);

        async Task<HealthCheckResult> HealthAsync(CancellationToken cancellation) =>
            ConnectorHealth.Judge(await system.Worker.StatusAsync(Name, cancellation), oldest: null, TimeSpan.MaxValue);
    }

    [Fact]
    public async Task A_paused_connector_is_shown_as_paused_and_goes_on_when_resumed()
    {
        const string Name = "paused";
        await system.RegisterAsync(Name, Harmless(), CancellationToken);
        await system.Worker.PauseAsync(Name, CancellationToken);
        await Eventually.GetAsync(
            async cancellation => ConnectorHealth.Judge(await system.Worker.StatusAsync(Name, cancellation), oldest: null, TimeSpan.MaxValue),
            health => health is { Status: HealthStatus.Degraded, Description: "The connector is paused." },
            CancellationToken);
        await system.Worker.ResumeAsync(Name, CancellationToken);
        await system.RunsAsync(Name, CancellationToken);
        await ConnectorRegistrar.RemoveAsync(system.Worker, Name, CancellationToken);
    }

    // Captures a table that nobody writes, apart from the connectors of the system.
    private static Dictionary<string, string> Harmless() =>
        new(MariaDbSource.Settings(ConnectTopics.Outbox, serverId: 5499, ConnectVariables.CdcPassword), StringComparer.Ordinal)
        {
            ["table.include.list"] = "ecommerce.idempotency_keys",
        };

    private async Task SetPasswordAsync(string password)
    {
        await using var connection = new MySqlConnection(system.AdminConnectionString("ecommerce"));
        await connection.OpenAsync(CancellationToken);
        await using var command = new MySqlCommand($"ALTER USER 'cdc'@'%' IDENTIFIED BY '{password}'", connection);
        await command.ExecuteNonQueryAsync(CancellationToken);
    }
}
