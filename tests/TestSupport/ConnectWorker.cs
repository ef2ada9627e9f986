using System.Globalization;
using EventDriven.AppHost;
using Distribution = EventDriven.AppHost.KafkaDistribution;

namespace EventDriven.TestSupport;

/// <summary>A Connect worker with Debezium's plugins, of a test assembly's own. <see cref="KafkaDistribution.ConnectMissing"/> says whether there can be one.</summary>
public sealed class ConnectWorker : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventdriven-connect-").FullName;
    private readonly int _port = TestPorts.Free();
    private readonly Distribution _distribution = Distribution.At(KafkaDistribution.Home ?? throw new InvalidOperationException(KafkaDistribution.ConnectMissing));
    private readonly ConnectFolder _files;
    private readonly ApacheKafka _kafka;
    private readonly Dictionary<string, string?> _environment;
    private TestProcess? _process;

    private ConnectWorker(ApacheKafka kafka, IReadOnlyDictionary<string, string> variables)
    {
        _kafka = kafka;
        _files = new(_folder, KafkaDistribution.ConnectPluginPath ?? throw new InvalidOperationException(KafkaDistribution.ConnectMissing));
        _environment = _files.Environment.Concat(variables).ToDictionary(variable => variable.Key, variable => (string?)variable.Value, StringComparer.Ordinal);
        Http = new() { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/")), Timeout = TimeSpan.FromSeconds(90) };
    }

    /// <summary>Its REST interface.</summary>
    public HttpClient Http { get; }

    /// <summary>What it printed last.</summary>
    public string Output => _process?.Output ?? string.Empty;

    /// <summary>The process id.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Starts a worker; returns when it answers.</summary>
    /// <param name="kafka">The broker. The migrator has created the topics of Connect on it.</param>
    /// <param name="variables">The environment that connectors refer to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ConnectWorker> StartAsync(ApacheKafka kafka, IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var worker = new ConnectWorker(kafka, variables);
        try
        {
            await worker.RestartAsync(cancellationToken);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => _process?.KillAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Changes what connectors find in the environment, from the next start on.</summary>
    public void Set(string variable, string value) => _environment[variable] = value;

    /// <summary>Starts the worker again; returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended while starting.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _files.PrepareAsync(_kafka.BootstrapServers, _port, cancellationToken);
        var process = await TestProcess.StartAsync(_distribution.ConnectStart, [_files.Configuration], _environment, cancellationToken: cancellationToken);
        _process = process;
        await Eventually.TrueAsync(
            async cancellation =>
            {
                if (process.HasExited)
                {
                    return true;
                }

                using var response = await Http.GetAsync("health", cancellation);
                return response.IsSuccessStatusCode;
            },
            cancellationToken,
            TimeSpan.FromSeconds(90));
        if (process.HasExited)
        {
            throw new InvalidOperationException($"Connect ended while starting: {process.Output}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
