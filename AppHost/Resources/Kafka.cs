using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventDriven.AppHost;

/// <summary>Adds Kafka to the system: a container, Apache Kafka as a process, the embedded broker, or one that already runs.</summary>
internal static partial class Kafka
{
    /// <summary>The port of the broker process; 0 takes any free one.</summary>
    private const string PortSetting = "Ports:Kafka";

    /// <summary>Adds Kafka as <see cref="RunMode"/> says. Its connection string is <c>host:port</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddKafkaBroker(this IDistributedApplicationBuilder builder, string name)
    {
        switch (builder.Mode().Kafka)
        {
            case ServerKind.Given:
                return builder.AddConnectionString(name, ReferenceExpression.Create($"{builder.Configuration[RunMode.GivenKafka]!}")).WithKafkaHealthCheck();
            case ServerKind.Embedded:
                return AddEmbedded(builder, name);
            case ServerKind.Process:
                return AddProcess(builder, name);
            default:
                IResourceBuilder<IResourceWithConnectionString>? container = null;
                AddContainer(builder, name, ref container);
                return container ?? throw new DistributedApplicationException("Kafka as a container needs the Aspire packages.");
        }
    }

    // In Resources/KafkaContainers.cs, which is compiled only with the Aspire packages.
    static partial void AddContainer(IDistributedApplicationBuilder builder, string name, ref IResourceBuilder<IResourceWithConnectionString>? container);

    private static IResourceBuilder<IResourceWithConnectionString> AddEmbedded(IDistributedApplicationBuilder builder, string name)
    {
        var port = builder.LoopbackPort(PortSetting);
        var program = typeof(Kafka).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "EmbeddedKafka").Value!;
        return builder.AddResource(new KafkaProcessResource(name, "dotnet", Path.GetDirectoryName(program)!))
            .WithArgs(program, "--data", builder.DataFolder("kafka"), "--port", port.ToString(CultureInfo.InvariantCulture))
            .WithEndpoint(port: port, targetPort: port, scheme: "tcp", name: KafkaProcessResource.EndpointName, isProxied: false)
            .WithIconName("MailMultiple")
            .WithKafkaHealthCheck();
    }

    /// <summary>The distribution that <c>KAFKA_HOME</c> names.</summary>
    /// <exception cref="DistributedApplicationException">It is none; the message says what is missing.</exception>
    internal static KafkaDistribution DistributionOf(Machine machine)
    {
        try
        {
            return KafkaDistribution.At(machine.KafkaHome!);
        }
        catch (InvalidOperationException exception)
        {
            throw new DistributedApplicationException(exception.Message, exception);
        }
    }

    private static IResourceBuilder<IResourceWithConnectionString> AddProcess(IDistributedApplicationBuilder builder, string name)
    {
        var distribution = DistributionOf(Machine.Look(builder.Configuration));

        // A folder of its own: Apache Kafka and the embedded broker do not read each other's files.
        var folder = new KafkaFolder(distribution, builder.DataFolder("apache-kafka"));
        var port = builder.LoopbackPort(PortSetting);
        var controllerPort = BuilderExtensions.FreePort();
        return builder.AddResource(new KafkaProcessResource(name, distribution.ServerStart, Path.GetTempPath()))
            .WithArgs(folder.Configuration)
            .WithEndpoint(port: port, targetPort: port, scheme: "tcp", name: KafkaProcessResource.EndpointName, isProxied: false)
            .WithEnvironment(context =>
            {
                foreach (var (variable, value) in folder.Environment)
                {
                    context.EnvironmentVariables[variable] = value;
                }
            })
            .WithIconName("MailMultiple")
            .WithKafkaHealthCheck()
            .OnBeforeResourceStarted((_, _, cancellationToken) => folder.PrepareAsync(port, controllerPort, cancellationToken));
    }

    private static IResourceBuilder<T> WithKafkaHealthCheck<T>(this IResourceBuilder<T> broker)
        where T : IResourceWithConnectionString
    {
        var key = $"{broker.Resource.Name}_answers";
        broker.ApplicationBuilder.Services.AddHealthChecks().Add(
            new HealthCheckRegistration(key, _ => new KafkaHealthCheck(broker.Resource), failureStatus: null, tags: null));
        return broker.WithHealthCheck(key);
    }
}
