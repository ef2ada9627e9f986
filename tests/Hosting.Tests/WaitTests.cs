using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventDriven.Hosting.Tests;

public sealed class WaitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resource_starts_only_once_what_it_waits_for_is_healthy_and_ready()
    {
        var healthy = false;
        var readyHandled = false;
        var builder = RunningApp.CreateBuilder();
        builder.Services.AddHealthChecks().AddCheck("fit", () => healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not yet"));
        var server = builder.AddExecutable("server", "sleep", "/", "1000")
            .WithHealthCheck("fit")
            .OnResourceReady((_, _, _) =>
            {
                readyHandled = true;
                return Task.CompletedTask;
            });
        builder.AddExecutable("client", "true", "/").WaitFor(server);
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.WaitAsync("client", s => s.State?.Text == KnownResourceStates.Waiting, Cancellation);
        var unhealthy = await app.WaitAsync("server", s => s.HealthReports.Any(r => r.Status == HealthStatus.Unhealthy), Cancellation);
        Assert.Equal(HealthStatus.Unhealthy, unhealthy.HealthStatus);
        Assert.Equal("not yet", unhealthy.HealthReports.Single().Description);
        Assert.True(app.Notifications.TryGetCurrentState("client", out var client));
        Assert.Equal(KnownResourceStates.Waiting, client.Snapshot.State?.Text);

        healthy = true;
        await app.WaitForEndAsync("client", Cancellation);
        Assert.True(readyHandled);
    }

    [Fact]
    public async Task A_resource_waits_for_the_exit_code_of_another()
    {
        var builder = RunningApp.CreateBuilder();
        var migration = builder.AddExecutable("migration", "sh", "/", "-c", "echo migrated; exit 0");
        var broken = builder.AddExecutable("broken", "sh", "/", "-c", "echo no such table >&2; exit 3");
        builder.AddExecutable("after", "true", "/").WaitForCompletion(migration);
        builder.AddExecutable("never", "true", "/").WaitForCompletion(broken);
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        Assert.Equal(KnownResourceStates.Finished, (await app.WaitForEndAsync("after", Cancellation)).State?.Text);
        var never = await app.WaitForEndAsync("never", Cancellation);

        Assert.Equal(KnownResourceStates.FailedToStart, never.State?.Text);
        Assert.Contains(await app.OutputAsync("never"), line => line.Contains("'broken'", StringComparison.Ordinal) && line.Contains("exit code '3'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resources_that_do_not_wait_for_each_other_start_side_by_side()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            // Each ends only when the other has begun.
            var builder = RunningApp.CreateBuilder();
            foreach (var (name, other) in new[] { ("one", "two"), ("two", "one") })
                builder.AddExecutable(name, "sh", folder.FullName, "-c", $"touch {name}; until [ -e {other} ]; do sleep 0.05; done");
            await using var app = await RunningApp.StartAsync(builder, Cancellation);

            Assert.Equal(0, (await app.WaitForEndAsync("one", Cancellation)).ExitCode);
            Assert.Equal(0, (await app.WaitForEndAsync("two", Cancellation)).ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_connection_string_made_of_others_runs_once_they_have_started_and_passes_its_value_on()
    {
        var builder = RunningApp.CreateBuilder();
        var server = builder.AddExecutable("server", "sleep", "/", "1000").WithEndpoint(name: "tcp", scheme: "tcp");
        var connection = builder.AddConnectionString("db", ReferenceExpression.Create($"{server.GetEndpoint("tcp")}"));
        string? announced = null;
        connection.OnConnectionStringAvailable(async (resource, _, ct) => announced = await ((IResourceWithConnectionString)resource).GetConnectionStringAsync(ct));
        builder.AddExecutable("client", "true", "/").WaitFor(connection);
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.WaitForEndAsync("client", Cancellation);

        Assert.True(app.Notifications.TryGetCurrentState("db", out var state));
        Assert.Equal(KnownResourceStates.Running, state.Snapshot.State?.Text);
        Assert.Equal($"tcp://localhost:{server.GetEndpoint("tcp").Port}", announced);
    }

    [Fact]
    public async Task A_connection_string_made_of_an_endpoints_port_runs_before_the_server_does()
    {
        var builder = RunningApp.CreateBuilder();
        var server = builder.AddExecutable("server", "sleep", "/", "1000").WithEndpoint(name: "tcp", scheme: "tcp").WithExplicitStart();
        builder.AddConnectionString("db", ReferenceExpression.Create($"localhost:{server.GetEndpoint("tcp").Property(EndpointProperty.Port)}"));
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.Notifications.WaitForResourceAsync("db", KnownResourceStates.Running, Cancellation).WaitAsync(RunningApp.Patience, Cancellation);
    }

    [Fact]
    public void A_health_check_over_HTTP_is_named_after_its_endpoint_and_refused_where_there_is_none()
    {
        var builder = RunningApp.CreateBuilder();
        var web = builder.AddExecutable("web", "true", "/").WithHttpEndpoint(name: "api").WithEndpoint(name: "tcp", scheme: "tcp").WithHttpHealthCheck("/health");

        Assert.Equal("web_api_/health_200_check", Assert.Single(web.Resource.Annotations.OfType<HealthCheckAnnotation>()).Key);
        Assert.Throws<DistributedApplicationException>(() => web.WithHttpHealthCheck("/", endpointName: "tcp"));
        Assert.Throws<DistributedApplicationException>(() => builder.AddExecutable("none", "true", "/").WithHttpHealthCheck("/"));
    }

    [Fact]
    public async Task A_health_check_that_nobody_registered_is_named()
    {
        var builder = RunningApp.CreateBuilder();
        builder.AddExecutable("server", "true", "/").WithHealthCheck("forgotten");

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunningApp.StartAsync(builder, Cancellation));

        Assert.Contains("'forgotten'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'server'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_a_healthy_resource_ends_with_its_reason_when_it_dies()
    {
        var builder = RunningApp.CreateBuilder();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        builder.AddExecutable("server", "sh", "/", "-c", "echo disk full >&2; exit 1").WithHealthCheck("never");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.Notifications.WaitForResourceHealthyAsync("server", Cancellation));
        Assert.Contains("disk full", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => app.Notifications.WaitForResourceHealthyAsync("nobody", Cancellation));
    }
}
