using System.Diagnostics;
using System.Globalization;

namespace EventDriven.AppHost;

/// <summary>The data folder of an Apache Kafka of the system's own: one KRaft node, broker and controller in one process, on loopback.</summary>
internal sealed class KafkaFolder(KafkaDistribution distribution, string folder)
{
    /// <summary>
    /// What the scripts of the distribution are given. The heap is bounded because development machines are small. The serial collector and the first
    /// compiler alone make a small heap start sooner and idle cheaper; a production broker keeps the defaults of its scripts.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["KAFKA_HEAP_OPTS"] = Heap,
        ["KAFKA_JVM_PERFORMANCE_OPTS"] = FastStart,
        ["KAFKA_LOG4J_OPTS"] = JavaLog.Options(folder),
        ["LOG_DIR"] = Path.Combine(folder, "logs"),
    };

    /// <summary>The broker's heap.</summary>
    public const string Heap = "-Xms64m -Xmx512m";

    /// <summary>JVM options of servers that one developer uses.</summary>
    public const string FastStart = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Djava.awt.headless=true";

    /// <summary>The broker's configuration, written by <see cref="PrepareAsync"/>.</summary>
    public string Configuration => Path.Combine(folder, "server.properties");

    private string Data => Path.Combine(folder, "data");

    /// <summary>Writes the configuration, and formats the data folder where there is none yet.</summary>
    /// <param name="port">The loopback port for clients.</param>
    /// <param name="controllerPort">The loopback port that the node speaks to itself on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">Java is missing or too old, or the folder cannot be formatted.</exception>
    public async Task PrepareAsync(int port, int controllerPort, CancellationToken cancellationToken)
    {
        await KafkaDistribution.RequireJavaAsync(cancellationToken);
        Directory.CreateDirectory(folder);
        await JavaLog.WriteAsync(folder, cancellationToken);
        if (!Directory.Exists(Data))
        {
            await FormatAsync(port, controllerPort, cancellationToken);
        }

        await WriteAsync(Configuration, Settings(Data, port, controllerPort), cancellationToken);
    }

    private async Task FormatAsync(int port, int controllerPort, CancellationToken cancellationToken)
    {
        // Into a folder beside it and then renamed: a format that was cut short is never taken for a finished one.
        var unfinished = Data + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        await WriteAsync(Configuration, Settings(unfinished, port, controllerPort), cancellationToken);
        var start = new ProcessStartInfo(distribution.StorageTool, ["format", "--cluster-id", NewClusterId(), "--config", Configuration])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"kafka-storage.sh format ended with exit code {process.ExitCode}: {(await errors).Trim()} {(await output).Trim()}");
        }

        Directory.Move(unfinished, Data);
    }

    // A cluster's id is a UUID in URL-safe base64. A version 7 one begins with the time, so not with the hyphen that would make it an option.
    private static string NewClusterId() =>
        Convert.ToBase64String(Guid.CreateVersion7().ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static Dictionary<string, string> Settings(string data, int port, int controllerPort) => new(KafkaSettings.Broker, StringComparer.Ordinal)
    {
        ["process.roles"] = "broker,controller",
        ["node.id"] = "1",
        ["controller.quorum.voters"] = string.Create(CultureInfo.InvariantCulture, $"1@127.0.0.1:{controllerPort}"),
        ["listeners"] = string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort}"),
        ["advertised.listeners"] = string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://127.0.0.1:{port}"),
        ["listener.security.protocol.map"] = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        ["controller.listener.names"] = "CONTROLLER",
        ["log.dirs"] = data,
    };

    private static async Task WriteAsync(string file, Dictionary<string, string> settings, CancellationToken cancellationToken) =>
        await File.WriteAllLinesAsync(file, settings.Select(setting => $"{setting.Key}={setting.Value}"), cancellationToken);
}
