using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventDriven.AppHost;

/// <summary>Adds Debezium Connect to the system, a container or a process, and connectors to it.</summary>
internal static partial class Connect
{
    /// <summary>The port of the worker's REST interface; 0 takes any free one.</summary>
    private const string PortSetting = "Ports:Connect";
    private const string PublisherSetting = "Outbox:Publisher";

    /// <summary>On how many brokers each partition lies; unset, as the brokers are set up.</summary>
    private const string ReplicationSetting = "Topics:Replication";

    // Validating a configuration opens a connection to the database and may wait for it.
    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(90);

    /// <summary>Whether <see cref="RunMode"/> has a Connect.</summary>
    public static bool HasDebeziumConnect(this IDistributedApplicationBuilder builder) => builder.Mode().Connect != ServerKind.None;

    /// <summary>Who publishes the outbox: <c>Outbox:Publisher</c>, the relay unless set.</summary>
    /// <exception cref="DistributedApplicationException">The setting is not known, or there is no Connect that could publish.</exception>
    public static OutboxPublisher OutboxPublisher(this IDistributedApplicationBuilder builder)
    {
        if (builder.Configuration[PublisherSetting] is not { Length: > 0 } value)
        {
            return AppHost.OutboxPublisher.Relay;
        }

        if (!Enum.TryParse<OutboxPublisher>(value, ignoreCase: true, out var publisher) || !Enum.IsDefined(publisher))
        {
            throw new DistributedApplicationException($"{PublisherSetting}={value} is not known: use Relay or Debezium.");
        }

        return publisher == AppHost.OutboxPublisher.Relay || builder.HasDebeziumConnect()
            ? publisher
            : throw new DistributedApplicationException($"{PublisherSetting}=Debezium needs Debezium Connect: set KAFKA_HOME and CONNECT_PLUGIN_PATH.");
    }

    /// <summary>Tells the migrator which topics to create and how, and which publisher to record.</summary>
    public static IResourceBuilder<T> WithTopicSettings<T>(this IResourceBuilder<T> migrator, OutboxPublisher publisher)
        where T : IResourceWithEnvironment
    {
        var builder = migrator.ApplicationBuilder;
        migrator
            .WithEnvironment("Topics__Connect", builder.HasDebeziumConnect() ? "true" : "false")
            .WithEnvironment("Outbox__Publisher", publisher.ToString());
        return builder.Configuration[ReplicationSetting] is { Length: > 0 } replication
            ? migrator.WithEnvironment("Topics__Replication", replication)
            : migrator;
    }

    /// <summary>Adds a Connect worker as <see cref="RunMode"/> says. Connectors find the brokers, MariaDB and its passwords in the worker's environment.</summary>
    public static IResourceBuilder<IConnectResource> AddDebeziumConnect(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResourceWithConnectionString> kafka, MariaDbResources mariaDb)
    {
        IResourceBuilder<IConnectResource>? connect = null;
        if (builder.Mode().Connect == ServerKind.Process)
        {
            connect = AddProcess(builder, name, kafka);
        }
        else
        {
            AddContainer(builder, name, kafka, ref connect);
        }

        if (connect is null)
        {
            throw new DistributedApplicationException("Debezium Connect as a container needs the Aspire packages.");
        }

        return connect
            .WithEnvironment(ConnectVariables.MariaDbHost, mariaDb.Host)
            .WithEnvironment(ConnectVariables.MariaDbPort, mariaDb.Port)
            .WithEnvironment(ConnectVariables.CdcPassword, mariaDb.Passwords[DatabaseUsers.ChangeDataCapture])
            .WithEnvironment(ConnectVariables.SinkPassword, mariaDb.Passwords[DatabaseUsers.JdbcSink])
            .WithHttpHealthCheck("/health")
            .WaitFor(kafka)
            .WaitFor(mariaDb.Server);
    }

    /// <summary>
    /// Chooses the publisher of the outbox. Debezium: adds the outbox connector. The relay: takes it away where an earlier run left it on the worker.
    /// </summary>
    public static IResourceBuilder<IConnectResource> WithOutboxPublisher(
        this IResourceBuilder<IConnectResource> connect, OutboxPublisher publisher, MariaDbResources mariaDb)
    {
        if (publisher == AppHost.OutboxPublisher.Relay)
        {
            return connect.OnResourceReady(async (resource, ready, cancellationToken) =>
                await ConnectorRegistrar.RemoveAsync(ClientOf(resource), OutboxConnector.Name, cancellationToken));
        }

        connect.WithEnvironment(ConnectVariables.OutboxPassword, mariaDb.Passwords[DatabaseUsers.ChangeDataCapture]);
        connect.AddConnector(OutboxConnector.Name, OutboxConnector.Configuration(), sends: mariaDb.ConnectionString("ecommerce", DatabaseUsers.OutboxRelay));
        return connect;
    }

    /// <summary>Adds a connector: registered when the worker is ready, kept as declared, with its state as the resource's health.</summary>
    /// <param name="connect">The worker.</param>
    /// <param name="name">The connector's name.</param>
    /// <param name="configuration">Its configuration in Connect's own property names. Secrets stand in it as <c>${env:…}</c>: see <see cref="ConnectVariables"/>.</param>
    /// <param name="sends">The connection string of the outbox that the connector sends, whose age then counts to its health.</param>
    public static IResourceBuilder<ConnectorResource> AddConnector(
        this IResourceBuilder<IConnectResource> connect, string name, IReadOnlyDictionary<string, string> configuration, ReferenceExpression? sends = null)
    {
        var builder = connect.ApplicationBuilder;
        var resource = new ConnectorResource(name, connect.Resource, configuration);
        var key = $"{name}_runs";
        builder.Services.AddHealthChecks().Add(
            new HealthCheckRegistration(key, _ => new ConnectorHealthCheck(resource, sends), failureStatus: null, tags: null));
        return builder.AddResource(resource)
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "Connector",
                Properties = [new("Class", configuration["connector.class"])],
                State = KnownResourceStates.Waiting,
            })
            .WithIconName("PlugConnected")
            .WithHealthCheck(key)
            .OnInitializeResource(KeepAsync)
            .WithConnectorCommands();
    }

    /// <summary>The REST interface of a worker whose endpoint is known.</summary>
    internal static ConnectClient ClientOf(IConnectResource connect) => new(new HttpClient
    {
        BaseAddress = new Uri($"{connect.GetEndpoint(IConnectResource.EndpointName).Url.TrimEnd('/')}/"),
        Timeout = RequestPatience,
    });

    // In Resources/ConnectContainers.cs, which is compiled only with the Aspire packages.
    static partial void AddContainer(
        IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResourceWithConnectionString> kafka, ref IResourceBuilder<IConnectResource>? connect);

    private static IResourceBuilder<IConnectResource> AddProcess(
        IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResourceWithConnectionString> kafka)
    {
        var machine = Machine.Look(builder.Configuration);
        var distribution = Kafka.DistributionOf(machine);
        var folder = new ConnectFolder(builder.DataFolder(name), machine.ConnectPluginPath!);
        var port = builder.LoopbackPort(PortSetting);
        return builder.AddResource(new ConnectProcessResource(name, distribution.ConnectStart, Path.GetTempPath()))
            .WithArgs(folder.Configuration)
            .WithHttpEndpoint(port: port, targetPort: port, name: IConnectResource.EndpointName, isProxied: false)
            .WithEnvironment(context =>
            {
                foreach (var (variable, value) in folder.Environment)
                {
                    context.EnvironmentVariables[variable] = value;
                }
            })
            .WithEnvironment(ConnectVariables.Kafka, kafka.Resource.ConnectionStringExpression)
            .WithIconName("PlugConnectedSettings")
            .OnBeforeResourceStarted(async (_, _, cancellationToken) =>
                await folder.PrepareAsync((await kafka.Resource.GetConnectionStringAsync(cancellationToken))!, port, cancellationToken));
    }

    private static Task KeepAsync(ConnectorResource connector, InitializeResourceEvent start, CancellationToken cancellationToken)
    {
        // The event's handlers are waited for; the keeper runs for as long as the system does.
        var stopping = start.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await start.Notifications.WaitForResourceHealthyAsync(connector.Parent.Name, WaitBehavior.WaitOnResourceUnavailable, stopping);
                    connector.Keeper = new ConnectorKeeper(connector.Worker, connector.Name, connector.Configuration, start.Logger, TimeProvider.System);
                    await start.Notifications.PublishUpdateAsync(
                        connector, snapshot => snapshot with { State = KnownResourceStates.Running, StartTimeStamp = DateTime.UtcNow });
                    await connector.Keeper.RunAsync(stopping);
                }
                catch (OperationCanceledException)
                {
                    // The system stops; the connector stays registered and goes on when the worker is back.
                }
            },
            stopping);
        return Task.CompletedTask;
    }
}
