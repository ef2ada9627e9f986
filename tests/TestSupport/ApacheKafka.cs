using System.Globalization;
using Confluent.Kafka;
using EventDriven.AppHost;
using Distribution = EventDriven.AppHost.KafkaDistribution;

namespace EventDriven.TestSupport;

/// <summary>An Apache Kafka of a test assembly's own, on loopback ports, gone with it. <see cref="KafkaDistribution.Missing"/> says whether there can be one.</summary>
public sealed class ApacheKafka : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventdriven-kafka-").FullName;
    private readonly int _port = TestPorts.Free();
    private readonly int _controllerPort = TestPorts.Free();
    private readonly Distribution _distribution = Distribution.At(KafkaDistribution.Home ?? throw new InvalidOperationException(KafkaDistribution.Missing));
    private readonly KafkaFolder _files;
    private TestProcess? _process;

    private ApacheKafka() => _files = new(_distribution, _folder);

    /// <summary><c>host:port</c> for clients.</summary>
    public string BootstrapServers => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>Formats and starts a broker; returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended while starting; the message holds its output.</exception>
    public static async Task<ApacheKafka> StartAsync(CancellationToken cancellationToken)
    {
        var kafka = new ApacheKafka();
        try
        {
            await kafka.RestartAsync(cancellationToken);
            return kafka;
        }
        catch
        {
            await kafka.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => _process?.KillAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Starts the broker again on the same data and ports; returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended while starting.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _files.PrepareAsync(_port, _controllerPort, cancellationToken);
        var process = await TestProcess.StartAsync(
            _distribution.ServerStart,
            [_files.Configuration],
            _files.Environment.ToDictionary(variable => variable.Key, variable => (string?)variable.Value, StringComparer.Ordinal),
            cancellationToken: cancellationToken);
        _process = process;
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).SetLogHandler((_, _) => { }).Build();
        await Eventually.TrueAsync(
            cancellation => Task.Run(() => process.HasExited || admin.GetMetadata(TimeSpan.FromSeconds(1)).Brokers.Count == 1, cancellation),
            cancellationToken,
            TimeSpan.FromSeconds(60));
        if (process.HasExited)
        {
            throw new InvalidOperationException($"Kafka ended while starting: {process.Output}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
