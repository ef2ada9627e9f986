using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using EventDriven.EndToEnd.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventDriven.EndToEnd;

/// <summary>The whole system, started from the AppHost with ports, data and users of its own, and gone with the tests that share it.</summary>
public abstract class RunningSystem : IAsyncLifetime
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);
    private readonly string _data = Directory.CreateTempSubdirectory("eventdriven-e2e-").FullName;
    private TraceCollector? _traces;
    private DistributedApplication? _app;
    private HttpClient? _http;

    /// <summary>Why this system cannot run here, or null where it can.</summary>
    public abstract string? Missing { get; }

    /// <summary>AppHost settings that make it this system.</summary>
    protected abstract IEnumerable<string> Arguments { get; }

    internal DistributedApplication App => _app ?? throw new InvalidOperationException("The system is not started.");

    internal TraceCollector Traces => _traces ?? throw new InvalidOperationException("The system is not started.");

    internal Shop Shop => new(_http ?? throw new InvalidOperationException("The system is not started."));

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(StartDeadline);
        _traces = await TraceCollector.StartAsync(deadline.Token);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--DataFolder={_data}", "--Mode:MariaDb=Process", $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={_traces.Endpoint}", .. Arguments],
            deadline.Token);
        builder.Services.AddLogging(logging => logging.AddFilter("AppHost.Resources", LogLevel.Warning));
        _app = await builder.BuildAsync(deadline.Token);
        await _app.StartAsync(deadline.Token);
        foreach (var service in new[] { "order-api", "outbox-relay", "projection-worker", "analytics-worker" })
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(service, deadline.Token);
        }

        _http = _app.CreateHttpClient("order-api");
    }

    /// <summary>The process id of a resource's only instance.</summary>
    internal async Task<int> ProcessIdAsync(string resource, CancellationToken cancellationToken)
    {
        var running = await App.ResourceNotifications.WaitForResourceAsync(
            resource, update => update.Snapshot.State?.Text == KnownResourceStates.Running && PidOf(update.Snapshot) is not null, cancellationToken);
        return PidOf(running.Snapshot) ?? throw new InvalidOperationException($"{resource} has no process id.");

        static int? PidOf(CustomResourceSnapshot snapshot) =>
            snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } pid
                ? Convert.ToInt32(pid, System.Globalization.CultureInfo.InvariantCulture)
                : null;
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_traces is not null)
        {
            await _traces.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
        GC.SuppressFinalize(this);
    }
}
