using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventDriven.Hosting.Tests;

/// <summary>An application described by a test: random ports, no dashboard, quiet.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DistributedApplication _app;

    private RunningApp(DistributedApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public ResourceNotificationService Notifications => _app.ResourceNotifications;

    public ResourceCommandService Commands => _app.ResourceCommands;

    public ResourceLoggerService Logs => Services.GetRequiredService<ResourceLoggerService>();

    public static IDistributedApplicationBuilder CreateBuilder(params string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = ["--environment=Development", "--DcpPublisher:RandomizePorts=true", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:4317", .. args],
            AssemblyName = typeof(Projects.Hosting_SampleAppHost).Assembly.GetName().Name,
            DisableDashboard = true,
            EnableResourceLogging = true,
        });
        builder.Services.AddLogging(logging => logging.ClearProviders());
        return builder;
    }

    public static async Task<RunningApp> StartAsync(IDistributedApplicationBuilder builder, CancellationToken cancellationToken)
    {
        var app = new RunningApp(builder.Build());
        try
        {
            await app._app.StartAsync(cancellationToken);
            return app;
        }
        catch
        {
            await app._app.DisposeAsync();
            throw;
        }
    }

    public async Task<CustomResourceSnapshot> WaitAsync(string resource, Func<CustomResourceSnapshot, bool> condition, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        return (await Notifications.WaitForResourceAsync(resource, e => condition(e.Snapshot), deadline.Token)).Snapshot;
    }

    public Task<CustomResourceSnapshot> WaitForEndAsync(string resource, CancellationToken cancellationToken) =>
        WaitAsync(resource, s => KnownResourceStates.TerminalStates.Contains(s.State?.Text), cancellationToken);

    public Task<CustomResourceSnapshot> WaitUntilRunningAsync(string resource, CancellationToken cancellationToken) =>
        WaitAsync(resource, s => s.State?.Text == KnownResourceStates.Running && s.Properties.Any(p => p.Name == "executable.pid"), cancellationToken);

    /// <summary>What a resource has written so far, without the instants.</summary>
    public async Task<IReadOnlyList<string>> OutputAsync(string resource)
    {
        var lines = new List<string>();
        var model = Services.GetRequiredService<DistributedApplicationModel>();
        await foreach (var batch in Logs.GetAllAsync(model.Resources.Single(r => r.Name == resource)))
            lines.AddRange(batch.Select(l => l.Content[(l.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        return lines;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    public static int Pid(CustomResourceSnapshot snapshot) => (int)snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;

    public static bool IsAlive(int pid) => Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
}
