using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;
using EventDriven.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDriven.ServiceDefaults.Tests.Messaging;

/// <summary>A worker inside the test process, with <see cref="RecordingHandler"/>.</summary>
internal sealed class ConsumerHost : IAsyncDisposable
{
    private readonly IHost _host;

    private ConsumerHost(IHost host) => _host = host;

    public HandlerScript Script => _host.Services.GetRequiredService<HandlerScript>();

    public BatchProcessor Processor => _host.Services.GetRequiredService<BatchProcessor>();

    public ConsumerStore Store => _host.Services.GetRequiredService<ConsumerStore>();

    public ConsumerHealth Health => _host.Services.GetRequiredService<ConsumerHealth>();

    /// <summary>Builds a worker; it reads nothing before <see cref="StartAsync"/>.</summary>
    public static ConsumerHost Build(string bootstrapServers, string readmodel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:kafka"] = bootstrapServers,
            ["ConnectionStrings:readmodel"] = readmodel,
            ["Aspire:Confluent:Kafka:Consumer:Config:SessionTimeoutMs"] = "3000",
            ["Aspire:Confluent:Kafka:Consumer:Config:HeartbeatIntervalMs"] = "200",
            ["Consumer:MaxBatch"] = "100",
        });
        builder.Logging.ClearProviders();
        builder.AddEventConsumer<RecordingHandler>(options =>
        {
            options.Group = "test-worker";
            options.Database = "readmodel";
            options.Topics = [Topics.Orders];
        });
        builder.Services.AddSingleton<HandlerScript>();
        return new(builder.Build());
    }

    public static async Task<ConsumerHost> StartAsync(string bootstrapServers, string readmodel, CancellationToken cancellationToken, Action<HandlerScript>? script = null)
    {
        var host = Build(bootstrapServers, readmodel);
        script?.Invoke(host.Script);
        await host._host.StartAsync(cancellationToken);
        return host;
    }

    public Task<RedriveResult> RedriveAsync(CancellationToken cancellationToken) => _host.Services.GetRequiredService<Redriver>().RunAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _host.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
