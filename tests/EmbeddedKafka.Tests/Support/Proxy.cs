using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>
/// Stands between a client and a broker: passes requests and responses on as whole frames, notes them, loses them on demand.
/// It puts its own port into Metadata and FindCoordinator responses, so that clients stay with it.
/// </summary>
public sealed class Proxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly IPEndPoint _broker;
    private readonly Task _accepting;

    public Proxy(string bootstrapServers)
    {
        _broker = IPEndPoint.Parse(bootstrapServers);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string BootstrapServers => _listener.LocalEndPoint!.ToString()!;

    /// <summary>Asked before each response with the API it answers; true loses the response and the connection.</summary>
    public Func<short, bool> LoseResponse { get; set; } = _ => false;

    /// <summary>While true, nothing passes in either direction and nothing is closed: to the broker, the client is dead.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Every request that passed, without its size.</summary>
    public ConcurrentQueue<byte[]> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        foreach (var socket in _sockets.Keys)
            socket.Dispose();

        await _accepting;
        await Task.WhenAll(_serving);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _serving.Add(ServeAsync(await _listener.AcceptAsync(_stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // disposed
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            _sockets[client] = true;
            try
            {
                client.NoDelay = broker.NoDelay = true;
                await broker.ConnectAsync(_broker, _stopping.Token);
                var underWay = new ConcurrentQueue<(short Key, short Version)>();
                using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                await Task.WhenAny(PassRequestsAsync(client, broker, underWay, either.Token), PassResponsesAsync(broker, client, underWay, either.Token));
                await either.CancelAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // one of them went away
            }
            finally
            {
                _sockets.TryRemove(client, out _);
            }
        }
    }

    private async Task PassRequestsAsync(Socket from, Socket to, ConcurrentQueue<(short Key, short Version)> underWay, CancellationToken ct)
    {
        while (await Frames.ReceiveAsync(from, ct) is { } frame)
        {
            await WhileSilentAsync(ct);
            Requests.Enqueue(frame);
            var key = BinaryPrimitives.ReadInt16BigEndian(frame);
            underWay.Enqueue((key, BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(2))));
            await Frames.SendAsync(to, frame, ct);
        }
    }

    private async Task PassResponsesAsync(Socket from, Socket to, ConcurrentQueue<(short Key, short Version)> underWay, CancellationToken ct)
    {
        while (await Frames.ReceiveAsync(from, ct) is { } frame)
        {
            await WhileSilentAsync(ct);
            underWay.TryDequeue(out var request);
            if (LoseResponse(request.Key))
                return;

            RewritePort(frame, (ApiKey)request.Key);
            await Frames.SendAsync(to, frame, ct);
        }
    }

    // The host is 127.0.0.1 in every response that names the broker; its port follows at once.
    private void RewritePort(byte[] frame, ApiKey key)
    {
        if (key is not (ApiKey.Metadata or ApiKey.FindCoordinator))
            return;

        var host = "127.0.0.1"u8;
        var port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        for (var i = frame.AsSpan().IndexOf(host); i >= 0;)
        {
            var at = i + host.Length;
            if (BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(at)) == _broker.Port)
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(at), port);

            var next = frame.AsSpan(at).IndexOf(host);
            i = next < 0 ? -1 : at + next;
        }
    }

    private async Task WhileSilentAsync(CancellationToken ct)
    {
        while (IsSilent)
            await Task.Delay(20, ct);
    }
}
