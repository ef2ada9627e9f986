using System.Globalization;

namespace EventDriven.AppHost;

/// <summary>The configuration file and logs of a Connect worker that runs as a process of this machine.</summary>
internal sealed class ConnectFolder(string folder, string pluginPath)
{
    /// <summary>The worker's heap.</summary>
    public const string Heap = "-Xms64m -Xmx768m";

    /// <summary>The worker's configuration, written by <see cref="PrepareAsync"/>.</summary>
    public string Configuration => Path.Combine(folder, "connect-distributed.properties");

    /// <summary>What the start script is given; the heap is bounded because development machines are small.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["KAFKA_HEAP_OPTS"] = Heap,
        ["KAFKA_JVM_PERFORMANCE_OPTS"] = KafkaFolder.FastStart,
        ["KAFKA_LOG4J_OPTS"] = JavaLog.Options(folder),
        ["LOG_DIR"] = Path.Combine(folder, "logs"),
    };

    /// <summary>Writes the configuration.</summary>
    /// <param name="bootstrapServers">The brokers.</param>
    /// <param name="port">The loopback port of the REST interface.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">Java is missing or too old, or there is no connector for MariaDB in the plugin folder.</exception>
    public async Task PrepareAsync(string bootstrapServers, int port, CancellationToken cancellationToken)
    {
        await KafkaDistribution.RequireJavaAsync(cancellationToken);
        RequirePlugins();
        Directory.CreateDirectory(folder);
        await JavaLog.WriteAsync(folder, cancellationToken);
        var settings = new Dictionary<string, string>(ConnectSettings.Worker, StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = bootstrapServers,
            ["listeners"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            ["rest.advertised.host.name"] = "127.0.0.1",
            ["plugin.path"] = pluginPath,
        };
        await File.WriteAllLinesAsync(Configuration, settings.Select(setting => $"{setting.Key}={setting.Value}"), cancellationToken);
    }

    private void RequirePlugins()
    {
        foreach (var plugin in new[] { "debezium-connector-mariadb", "debezium-connector-jdbc" })
        {
            var found = pluginPath.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(path =>
                Directory.Exists(path) && Directory.EnumerateFiles(path, $"{plugin}-*.jar", SearchOption.AllDirectories).Any());
            if (!found)
            {
                throw new InvalidOperationException($"CONNECT_PLUGIN_PATH={pluginPath} holds no {plugin}-*.jar: unpack Debezium's plugin archives there, see docs/connect.md.");
            }
        }
    }
}
