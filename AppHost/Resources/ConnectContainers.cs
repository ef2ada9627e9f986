namespace EventDriven.AppHost;

internal static partial class Connect
{
    // The image's start script makes these properties from variables with names of their own, and every other from CONNECT_<PROPERTY>.
    private static readonly HashSet<string> NamedWithoutPrefix =
        new(["group.id", "config.storage.topic", "offset.storage.topic", "status.storage.topic", "key.converter", "value.converter"], StringComparer.Ordinal);

    static partial void AddContainer(
        IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResourceWithConnectionString> kafka, ref IResourceBuilder<IConnectResource>? connect)
    {
        // Containers reach each other inside their network, not through the ports of this machine.
        var brokers = ReferenceExpression.Create($"{((KafkaServerResource)kafka.Resource).InternalEndpoint.Property(EndpointProperty.HostAndPort)}");
        var container = builder.AddResource(new ConnectContainerResource(name))
            .WithImage("debezium/connect", "3.5.2.Final")
            .WithImageRegistry("quay.io")
            .WithHttpEndpoint(port: builder.LoopbackPort(PortSetting), targetPort: 8083, name: IConnectResource.EndpointName)
            .WithLifetime(builder.ContainerLifetime())
            .WithIconName("PlugConnectedSettings")
            .WithEnvironment("BOOTSTRAP_SERVERS", brokers)
            .WithEnvironment("ADVERTISED_HOST_NAME", name)
            .WithEnvironment("HEAP_OPTS", ConnectFolder.Heap)
            .WithEnvironment("CONNECT_LISTENERS", "http://0.0.0.0:8083")
            .WithEnvironment(ConnectVariables.Kafka, brokers);
        foreach (var (property, value) in ConnectSettings.Worker)
        {
            var variable = property.Replace('.', '_').ToUpperInvariant();
            container.WithEnvironment(NamedWithoutPrefix.Contains(property) ? variable : $"CONNECT_{variable}", value);
        }

        connect = container;
    }

    /// <summary>A Kafka Connect worker in a container.</summary>
    private sealed class ConnectContainerResource(string name) : ContainerResource(name), IConnectResource;
}
