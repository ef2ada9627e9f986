namespace EventDriven.AppHost;

/// <summary>A Kafka broker as a process of this machine.</summary>
internal sealed class KafkaProcessResource(string name, string program, string workingDirectory)
    : ExecutableResource(name, program, workingDirectory), IResourceWithConnectionString
{
    public const string EndpointName = "tcp";

    /// <summary>Where it listens.</summary>
    public EndpointReference Endpoint => field ??= new(this, EndpointName);

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.HostAndPort)}");
}
