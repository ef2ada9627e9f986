using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where an endpoint can be reached in this run.</summary>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
{
    public EndpointAnnotation Endpoint { get; } = endpoint;

    public string Address { get; } = address;

    public int Port { get; } = port;

    /// <summary>The port the process listens on, or a placeholder filled in for each replica.</summary>
    public string? TargetPortExpression { get; } = targetPortExpression;

    public string UriScheme => Endpoint.UriScheme;

    public string EndPointString => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    public string UriString => $"{UriScheme}://{EndPointString}";

    public override string ToString() => UriString;
}
