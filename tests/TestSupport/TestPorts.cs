using System.Net;
using System.Net.Sockets;

namespace EventDriven.TestSupport;

/// <summary>Loopback ports for servers that cannot choose their own.</summary>
public static class TestPorts
{
    /// <summary>A port that was free a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
