using System.Net;
using System.Net.Sockets;
using EventDriven.EmbeddedKafka.Groups;
using EventDriven.EmbeddedKafka.Server;
using EventDriven.EmbeddedKafka.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventDriven.EmbeddedKafka;

/// <summary>A running single-node broker on 127.0.0.1. Disposing it stops it and saves what makes the next start quick.</summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly DataDirectory _data;
    private readonly TopicStore _topics;
    private readonly OffsetStore _offsets;
    private readonly GroupCoordinator _groups;
    private readonly Listener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _maintenance;
    private bool _disposed;

    private EmbeddedBroker(BrokerOptions options, DataDirectory data, Socket socket, ILogger logger)
    {
        _logger = logger;
        _data = data;
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        _topics = TopicStore.Open(data.Topics, logger);
        _offsets = OffsetStore.Open(data.Offsets);
        _groups = new GroupCoordinator(_offsets, _topics, options.MinSessionTimeout, logger);

        var identity = new BrokerIdentity(IPAddress.Loopback.ToString(), Port, data.ReadOrCreateClusterId());
        _listener = new Listener(socket, new ApiTable(identity, _topics, _groups, new ProducerIds(data.ProducerIds), logger), logger);
        _maintenance = MaintainAsync(options.RetentionCheckInterval, _stopping.Token);
        Log.Started(logger, BootstrapServers, data.Root, _topics.All.Count);
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>What clients take as <c>bootstrap.servers</c>: <c>127.0.0.1:port</c>.</summary>
    public string BootstrapServers => $"{IPAddress.Loopback}:{Port}";

    /// <summary>Starts a broker; it accepts connections when the task completes.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">The data folder is in use by another broker, or cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file in the data folder is damaged.</exception>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static Task<EmbeddedBroker> StartAsync(BrokerOptions options, CancellationToken ct = default) =>
        StartAsync(options, NullLogger.Instance, ct);

    /// <inheritdoc cref="StartAsync(BrokerOptions, CancellationToken)"/>
    public static Task<EmbeddedBroker> StartAsync(BrokerOptions options, ILogger logger, CancellationToken ct = default)
    {
        if (options.FindProblem() is { } problem)
            throw new ArgumentException(problem, nameof(options));

        return Task.Run(
            () =>
            {
                // The lock first: whoever has it may touch the files.
                var data = DataDirectory.Open(options.DataDirectory);
                Socket? socket = null;
                try
                {
                    socket = Listener.Bind(options.Port);
                    return new EmbeddedBroker(options, data, socket, logger);
                }
                catch
                {
                    socket?.Dispose();
                    data.Dispose();
                    throw;
                }
            },
            ct);
    }

    /// <summary>Stops: connections are closed, state is saved, the data folder is free again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;

        _disposed = true;
        await _stopping.CancelAsync();
        await _listener.DisposeAsync();
        await _maintenance;
        _groups.Dispose();
        _offsets.Dispose();
        _topics.Dispose();
        _data.Dispose();
        _stopping.Dispose();
        Log.Stopped(_logger);
    }

    private async Task MaintainAsync(TimeSpan interval, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                _topics.ApplyRetention(DateTimeOffset.UtcNow);
                try
                {
                    _groups.ExpireOffsets(DateTimeOffset.UtcNow);
                }
                catch (IOException e)
                {
                    Log.OffsetExpiryFailed(_logger, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the broker stops
        }
    }
}
