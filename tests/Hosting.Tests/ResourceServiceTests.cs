using EventDriven.LocalHosting.Dashboard;
using EventDriven.LocalHosting.Dashboard.Proto;
using EventDriven.TestSupport;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventDriven.Hosting.Tests;

public sealed class ResourceServiceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_dashboard_is_told_of_every_resource_and_can_command_it()
    {
        var builder = RunningApp.CreateBuilder();
        var password = builder.AddParameter("password", "s3cret", secret: true);
        builder.AddExecutable("worker", "sh", "/", "-c", "echo up; sleep 1000")
            .WithEnvironment("PASSWORD", password)
            .WithHttpEndpoint(name: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Home")
            .WithIconName("Box");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);
        await app.WaitUntilRunningAsync("worker", Cancellation);
        await using var host = await HostAsync(app);
        var client = Client(host);

        using var watch = client.WatchResources(new WatchResourcesRequest(), Key(host), cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        var resources = watch.ResponseStream.Current.InitialData.Resources;

        var worker = resources.Single(r => r.DisplayName == "worker");
        Assert.StartsWith("worker-", worker.Name, StringComparison.Ordinal);
        Assert.Equal("Executable", worker.ResourceType);
        Assert.Equal("Running", worker.State);
        Assert.Equal("Box", worker.IconName);
        Assert.Contains(worker.Environment, v => v is { Name: "PASSWORD", Value: "s3cret", IsFromSpec: true });
        Assert.Contains(worker.Urls, u => u is { EndpointName: "http", IsInactive: false, DisplayProperties.DisplayName: "Home" });
        Assert.Contains(worker.Relationships, r => r is { ResourceName: "password", Type: "Reference" });
        Assert.Contains(worker.Properties, p => p is { Name: "executable.pid", Value.NumberValue: > 0 });
        Assert.Contains(worker.Commands, c => c is { Name: "stop", State: LocalHosting.Dashboard.Proto.ResourceCommandState.Enabled });
        Assert.Contains(resources.Single(r => r.Name == "password").Properties, p => p is { Name: "Value", IsSensitive: true });

        var response = await client.ExecuteResourceCommandAsync(
            new ResourceCommandRequest { ResourceName = worker.Name, CommandName = "stop", ResourceType = worker.ResourceType }, Key(host), cancellationToken: Cancellation);
        Assert.Equal(ResourceCommandResponseKind.Succeeded, response.Kind);
        LocalHosting.Dashboard.Proto.Resource? stopped = null;
        while (stopped?.State != "Finished" && await watch.ResponseStream.MoveNext(Cancellation))
            stopped = watch.ResponseStream.Current.Changes.Value.Select(c => c.Upsert).LastOrDefault(r => r.Name == worker.Name) ?? stopped;
        Assert.Contains(stopped!.Properties, p => p.Name == "resource.exitCode");
        Assert.All(stopped.Urls, url => Assert.True(url.IsInactive));
    }

    [Fact]
    public async Task The_dashboard_follows_what_a_resource_writes()
    {
        var builder = RunningApp.CreateBuilder();
        builder.AddExecutable("worker", "sh", "/", "-c", "echo out; echo err >&2; sleep 1000");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);
        await Eventually.GetAsync(_ => app.OutputAsync("worker"), o => o.Count == 2, Cancellation);
        Assert.True(app.Notifications.TryGetCurrentState("worker", out var state));
        await using var host = await HostAsync(app);

        using var watch = Client(host).WatchResourceConsoleLogs(
            new WatchResourceConsoleLogsRequest { ResourceName = state.ResourceId }, Key(host), cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));

        var lines = watch.ResponseStream.Current.LogLines;
        Assert.Equal([1, 2], lines.Select(l => l.LineNumber));
        Assert.Contains(lines, l => l.Text.EndsWith("Z out", StringComparison.Ordinal) && !l.IsStdErr);
        Assert.Contains(lines, l => l.Text.EndsWith("Z err", StringComparison.Ordinal) && l.IsStdErr);
    }

    [Fact]
    public async Task Nobody_without_the_key_is_answered()
    {
        await using var app = await RunningApp.StartAsync(RunningApp.CreateBuilder(), Cancellation);
        await using var host = await HostAsync(app);

        var exception = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client(host).GetApplicationInformationAsync(new ApplicationInformationRequest(), new Metadata { { "x-resource-service-api-key", "guess" } }, cancellationToken: Cancellation));

        Assert.Equal(StatusCode.Unauthenticated, exception.StatusCode);
    }

    private static async Task<ResourceServiceHost> HostAsync(RunningApp app)
    {
        var host = new ResourceServiceHost(
            new ConfigurationBuilder().Build(),
            app.Notifications,
            app.Logs,
            app.Commands,
            app.Services.GetRequiredService<IHostEnvironment>());
        await host.StartAsync(Cancellation);
        return host;
    }

    private static DashboardService.DashboardServiceClient Client(ResourceServiceHost host) => new(GrpcChannel.ForAddress(host.Url));

    private static Metadata Key(ResourceServiceHost host) => new() { { "x-resource-service-api-key", host.ApiKey } };
}
