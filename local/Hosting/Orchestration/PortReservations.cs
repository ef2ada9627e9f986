using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace EventDriven.LocalHosting;

/// <summary>
/// Free ports that no other host on this machine hands out while this one runs. Below the range the kernel takes outgoing ports
/// from, so that none is lost between here and the process's bind; the reservation itself is an abstract Unix socket, which
/// vanishes with this process.
/// </summary>
internal sealed class PortReservations : IDisposable
{
    private const int First = 20_000;
    private const int AfterLast = 32_000;

    private readonly List<Socket> _reservations = [];

    /// <exception cref="InvalidOperationException">No port is free.</exception>
    public int ReserveAny()
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, AfterLast);
            if (IsFree(port) && TryReserve(port))
                return port;
        }
        throw new InvalidOperationException($"No free port between {First} and {AfterLast - 1}.");
    }

    public static bool IsFree(int port) => IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port));

    public void Dispose()
    {
        foreach (var reservation in _reservations)
            reservation.Dispose();
        _reservations.Clear();
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException ex) when (ex.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException ex) when (ex.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            return true; // No IPv6 on the loopback interface.
        }
    }

    private bool TryReserve(int port)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0eventdriven-port-{port}"));
            _reservations.Add(socket);
            return true;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }
    }
}
