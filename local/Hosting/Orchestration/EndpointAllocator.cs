using System.Globalization;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace EventDriven.LocalHosting;

/// <summary>
/// Gives every endpoint its port. A process listens on the port its clients use; only where that cannot be, with several
/// replicas or two different fixed ports, a proxy stands between them.
/// </summary>
internal sealed class EndpointAllocator(bool randomizePorts) : IDisposable
{
    private readonly PortReservations _ports = new();
    private readonly Dictionary<int, string> _claimed = [];
    private readonly List<TcpProxy> _proxies = [];
    private readonly Dictionary<(string Placeholder, string InstanceId), int> _replicaPorts = [];

    /// <exception cref="DistributedApplicationException">A fixed port is taken, or cannot be shared by replicas.</exception>
    public void Allocate(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is null))
                Allocate(resource, endpoint);
        }
    }

    /// <summary>Puts the replica's own target ports where the placeholders stand.</summary>
    public string FillTargetPorts(string text, string instanceId)
    {
        foreach (var ((placeholder, id), port) in _replicaPorts)
        {
            if (id == instanceId)
                text = text.Replace(placeholder, port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
        return text;
    }

    public void Dispose()
    {
        foreach (var proxy in _proxies)
            proxy.Dispose();
        _proxies.Clear();
        _ports.Dispose();
    }

    private void Allocate(IResource resource, EndpointAnnotation endpoint)
    {
        var what = $"endpoint '{endpoint.Name}' of resource '{resource.Name}'";
        var ids = resource.InstanceIds();
        if (ids.Count > 1 && !endpoint.IsProxied)
            throw new DistributedApplicationException($"The {what} cannot be shared by {ids.Count} replicas without a proxy.");

        var fixedPort = randomizePorts && endpoint.IsProxied || endpoint.Port == 0 ? null : endpoint.Port;
        var fixedTarget = endpoint.TargetPort == 0 ? null : endpoint.TargetPort;
        var needsProxy = ids.Count > 1 || (fixedPort is not null && fixedTarget is not null && fixedPort != fixedTarget);
        var address = AddressOf(endpoint.TargetHost);

        if (!needsProxy)
        {
            var port = (fixedPort ?? fixedTarget) is { } wanted ? Claim(wanted, what) : _ports.ReserveAny();
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, address, port, port.ToString(CultureInfo.InvariantCulture));
            return;
        }

        var placeholder = $"{{{{port:{resource.Name}:{endpoint.Name}}}}}";
        var targets = ids.Select(id => _replicaPorts[(placeholder, id)] = ids.Count == 1 ? Claim(fixedTarget!.Value, what) : _ports.ReserveAny()).ToArray();
        var publicPort = fixedPort is { } p ? Claim(p, what) : _ports.ReserveAny();
        _proxies.Add(new TcpProxy(publicPort, targets));
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, address, publicPort, placeholder);
    }

    private int Claim(int port, string what)
    {
        if (_claimed.TryGetValue(port, out var owner))
            throw new DistributedApplicationException($"Port {port} for {what} is already that of {owner}.");
        if (!PortReservations.IsFree(port))
            throw new DistributedApplicationException($"Port {port} for {what} is already in use by another process.");
        _claimed[port] = what;
        return port;
    }

    /// <summary>Who listens everywhere is reached at localhost.</summary>
    private static string AddressOf(string targetHost) =>
        IPAddress.TryParse(targetHost, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any) ? targetHost : "localhost";
}
