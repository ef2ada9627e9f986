using System.Net;
using System.Net.Sockets;

namespace EventDriven.LocalHosting;

/// <summary>Passes each connection to one of the replicas in turn, skipping those that do not listen.</summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly IReadOnlyList<int> _targets;
    private readonly List<TcpListener> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private int _next = -1;

    public TcpProxy(int port, IReadOnlyList<int> targets)
    {
        _targets = targets;
        Listen(IPAddress.Loopback, port);
        if (Socket.OSSupportsIPv6)
            Listen(IPAddress.IPv6Loopback, port);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        foreach (var listener in _listeners)
            listener.Dispose();
        _stopping.Dispose();
    }

    private void Listen(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
        }
        catch (SocketException) when (_listeners.Count > 0)
        {
            listener.Dispose(); // No IPv6 on the loopback interface.
            return;
        }
        _listeners.Add(listener);
        _ = AcceptAsync(listener, _stopping.Token);
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(cancellationToken), cancellationToken);
        }
        catch (Exception ex) when (ex is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        using (var target = await ConnectAsync(cancellationToken))
        {
            if (target is null)
                return;
            client.NoDelay = target.NoDelay = true;
            await Task.WhenAll(
                CopyAsync(client, target, cancellationToken),
                CopyAsync(target, client, cancellationToken));
        }
    }

    private async Task<TcpClient?> ConnectAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < _targets.Count; attempt++)
        {
            var target = new TcpClient();
            try
            {
                var turn = (int)((uint)Interlocked.Increment(ref _next) % (uint)_targets.Count);
                await target.ConnectAsync(IPAddress.Loopback, _targets[turn], cancellationToken);
                return target;
            }
            catch (Exception ex) when (ex is SocketException or OperationCanceledException)
            {
                target.Dispose();
            }
        }
        return null;
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, CancellationToken cancellationToken)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), cancellationToken);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ex) when (ex is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            from.Close();
            to.Close();
        }
    }
}
