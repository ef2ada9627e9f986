using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka.Server;

/// <summary>Accepts connections and serves each until it ends.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly ApiTable _apis;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;

    public Listener(Socket socket, ApiTable apis, ILogger logger)
    {
        _socket = socket;
        _apis = apis;
        _logger = logger;
        _socket.Listen(128);
        _accepting = AcceptAsync();
    }

    /// <summary>Takes the port, on loopback only: there is no security here. Nobody is accepted yet.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _socket.AcceptAsync(_stopping.Token);
                var serving = ServeAsync(client);
                _connections[serving] = true;
                _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // the broker stops
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException && _stopping.IsCancellationRequested)
        {
            // the same, noticed later
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var connection = new Connection(client, _apis, _logger);
        await connection.RunAsync(_stopping.Token);
    }
}
