namespace EventDriven.AppHost;

internal static partial class Kafka
{
    static partial void AddContainer(IDistributedApplicationBuilder builder, string name, ref IResourceBuilder<IResourceWithConnectionString>? container)
    {
        var kafka = builder.AddKafka(name, builder.LoopbackPort(PortSetting))
            .WithDataVolume()
            .WithLifetime(builder.ContainerLifetime())
            .WithEnvironment("KAFKA_HEAP_OPTS", KafkaFolder.Heap);
        foreach (var (property, value) in KafkaSettings.Broker)
        {
            kafka.WithEnvironment($"KAFKA_{property.Replace('.', '_').ToUpperInvariant()}", value);
        }

        // The check that comes with AddKafka writes a record into a topic each time; ours only asks.
        foreach (var check in kafka.Resource.Annotations.OfType<HealthCheckAnnotation>().ToList())
        {
            kafka.Resource.Annotations.Remove(check);
        }

        container = kafka.WithKafkaHealthCheck();
    }
}
