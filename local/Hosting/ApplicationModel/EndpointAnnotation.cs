using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port a resource is reached at.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private int? _port;
    private int? _targetPort;
    private string? _transport;
    private bool? _explicitlyProxied;

    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? (protocol == ProtocolType.Udp ? "udp" : "tcp");
        Name = name ?? UriScheme;
        IsExternal = isExternal ?? false;
        _transport = transport;
        _port = port;
        _targetPort = targetPort;
        _explicitlyProxied = isProxied;
    }

    public string Name { get; set; }

    public ProtocolType Protocol { get; set; }

    /// <summary>The port clients use; allocated when null. Without a proxy it is the target port.</summary>
    public int? Port
    {
        get => _port ?? (IsProxied ? null : _targetPort);
        set => _port = value;
    }

    /// <summary>The port the process listens on; allocated when null.</summary>
    public int? TargetPort
    {
        get => _targetPort ?? (IsProxied ? null : _port);
        set => _targetPort = value;
    }

    public string UriScheme { get; set; }

    public string TargetHost { get; set; } = "localhost";

    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : "tcp");
        set => _transport = value;
    }

    public bool IsExternal { get; set; }

    /// <summary>False: the process itself must listen on <see cref="Port"/>, also where a test asks for random ports.</summary>
    public bool IsProxied
    {
        get => _explicitlyProxied ?? true;
        set => _explicitlyProxied = value;
    }

    /// <summary>Leaves the endpoint out of what <c>WithReference(resource)</c> injects.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Null until the port is allocated.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => Allocated.Task.IsCompletedSuccessfully ? Allocated.Task.Result : null;
        set
        {
            if (value is not null && !Allocated.TrySetResult(value))
                throw new InvalidOperationException($"The endpoint '{Name}' is already allocated.");
        }
    }

    internal TaskCompletionSource<AllocatedEndpoint> Allocated { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal bool FromLaunchProfile { get; set; }

    /// <summary>The process learns the port from a variable of its own, so <c>ASPNETCORE_URLS</c> leaves it out.</summary>
    internal bool PassedByVariable { get; set; }
}
