using System.Net;
using System.Net.Sockets;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>A single-node Apache Kafka (KRaft) on free ports, otherwise with its default settings.</summary>
public sealed class ApacheBroker : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private ApacheBroker(ChildProcess process, string bootstrapServers)
    {
        _process = process;
        BootstrapServers = bootstrapServers;
    }

    public string BootstrapServers { get; }

    public int ProcessId => _process.Id;

    /// <param name="settings">Lines of server.properties that are to differ.</param>
    public static async Task<ApacheBroker> StartAsync(string directory, string settings, CancellationToken ct)
    {
        var (port, controllerPort) = (FreePort(), FreePort());
        var bootstrapServers = $"127.0.0.1:{port}";
        Directory.CreateDirectory(directory);
        var properties = Path.Combine(directory, "server.properties");
        await File.WriteAllTextAsync(properties, $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:{controllerPort}
            listeners=PLAINTEXT://{bootstrapServers},CONTROLLER://127.0.0.1:{controllerPort}
            advertised.listeners=PLAINTEXT://{bootstrapServers}
            controller.listener.names=CONTROLLER
            log.dirs={Path.Combine(directory, "data")}
            auto.create.topics.enable=false
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            transaction.state.log.replication.factor=1
            transaction.state.log.num.partitions=1
            transaction.state.log.min.isr=1
            {settings}

            """, ct);

        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LOG_DIR"] = Path.Combine(directory, "logs"),
        };
        if (!Directory.Exists(Path.Combine(directory, "data")))
        {
            // Kafka's ids are URL-safe Base64, which may begin with "-" and then look like an option: the first byte keeps it from that.
            var bytes = Guid.NewGuid().ToByteArray();
            bytes[0] = 0;
            var id = Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            var (exitCode, output) = await ChildProcess.RunAsync(ApacheKafka.Script("kafka-storage.sh"), ["format", "-t", id, "-c", properties], environment, ct: ct);
            if (exitCode != 0)
                throw new InvalidOperationException($"kafka-storage.sh ended with {exitCode}:\n{output}");
        }

        var process = ChildProcess.Start(ApacheKafka.Script("kafka-server-start.sh"), [properties], environment);
        try
        {
            await process.WaitForLineAsync(line => line.Contains("Kafka Server started", StringComparison.Ordinal), TimeSpan.FromMinutes(2), ct);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return new(process, bootstrapServers);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // Kafka cannot tell which port it took, so one must be found before: free a moment ago, which on loopback is good enough.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
