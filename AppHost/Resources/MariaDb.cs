using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventDriven.AppHost;

/// <summary>Adds MariaDB to the system: a container, a process with a data folder of its own, or one that already runs.</summary>
internal static partial class MariaDb
{
    /// <summary>The port of the MariaDB process; 0 takes any free one.</summary>
    private const string PortSetting = "Ports:MariaDb";

    /// <summary>Adds MariaDB as <see cref="RunMode"/> says, with a generated password for each database user.</summary>
    public static MariaDbResources AddMariaDb(this IDistributedApplicationBuilder builder, string name)
    {
        var passwords = DatabaseUsers.All.ToDictionary(
            user => user,
            user => builder.AddParameter($"{user.Replace('_', '-')}-db-password", Password(), secret: true),
            StringComparer.Ordinal);

        switch (builder.Mode().MariaDb)
        {
            case ServerKind.Given:
                return AddGiven(builder, name, passwords);
            case ServerKind.Process:
                return AddProcess(builder, name, passwords);
            default:
                MariaDbResources? container = null;
                AddContainer(builder, name, passwords, ref container);
                return container ?? throw new DistributedApplicationException("MariaDB as a container needs the Aspire packages.");
        }
    }

    /// <summary>Gives a service the connection string of a database as <c>ConnectionStrings:&lt;database&gt;</c>, for its own user.</summary>
    public static IResourceBuilder<T> WithDatabase<T>(this IResourceBuilder<T> service, MariaDbResources mariaDb, string database, string user)
        where T : IResourceWithEnvironment =>
        service.WithEnvironment($"ConnectionStrings__{database}", mariaDb.ConnectionString(database, user));

    /// <summary>Gives the migrator the administrator's connection string and every user's password.</summary>
    public static IResourceBuilder<T> WithDatabaseAdministrator<T>(this IResourceBuilder<T> migrator, MariaDbResources mariaDb)
        where T : IResourceWithEnvironment
    {
        foreach (var (user, password) in mariaDb.Passwords)
        {
            migrator.WithEnvironment($"Users__{user}", password);
        }

        return migrator.WithReference(mariaDb.Server, connectionName: "mariadb");
    }

    // In Resources/MariaDbContainers.cs, which is compiled only with the Aspire packages.
    static partial void AddContainer(
        IDistributedApplicationBuilder builder,
        string name,
        IReadOnlyDictionary<string, IResourceBuilder<ParameterResource>> passwords,
        ref MariaDbResources? container);

    private static MariaDbResources AddGiven(
        IDistributedApplicationBuilder builder, string name, IReadOnlyDictionary<string, IResourceBuilder<ParameterResource>> passwords)
    {
        var connectionString = builder.Configuration[RunMode.GivenMariaDb]!;
        var parts = new MySqlConnector.MySqlConnectionStringBuilder(connectionString);
        var server = builder.AddConnectionString(name, ReferenceExpression.Create($"{connectionString}"));
        return new(
            server.WithMariaDbHealthCheck(),
            ReferenceExpression.Create($"{parts.Server}"),
            ReferenceExpression.Create($"{parts.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}"),
            passwords);
    }

    private static MariaDbResources AddProcess(
        IDistributedApplicationBuilder builder, string name, IReadOnlyDictionary<string, IResourceBuilder<ParameterResource>> passwords)
    {
        var folder = new MariaDbFolder(builder.DataFolder("mariadb"));
        var port = builder.LoopbackPort(PortSetting);
        var password = builder.AddParameter($"{name}-password", Password(), secret: true);
        var resource = new MariaDbProcessResource(name, MariaDbFolder.FindServer()!, password.Resource);
        var server = builder.AddResource(resource)
            .WithEndpoint(port: port, targetPort: port, scheme: "tcp", name: MariaDbProcessResource.EndpointName, isProxied: false)
            .WithArgs(context =>
            {
                foreach (var argument in folder.Arguments(port))
                {
                    context.Args.Add(argument);
                }
            })
            .WithIconName("DatabaseMultiple")
            .WithMariaDbHealthCheck()
            .OnBeforeResourceStarted(async (_, _, cancellationToken) =>
                await folder.PrepareAsync((await password.Resource.GetValueAsync(cancellationToken))!, cancellationToken));
        return new(
            server,
            ReferenceExpression.Create($"{resource.Endpoint.Property(EndpointProperty.Host)}"),
            ReferenceExpression.Create($"{resource.Endpoint.Property(EndpointProperty.Port)}"),
            passwords);
    }

    private static IResourceBuilder<T> WithMariaDbHealthCheck<T>(this IResourceBuilder<T> server)
        where T : IResourceWithConnectionString
    {
        var key = $"{server.Resource.Name}_answers";
        server.ApplicationBuilder.Services.AddHealthChecks().Add(
            new HealthCheckRegistration(key, _ => new MariaDbHealthCheck(server.Resource), failureStatus: null, tags: null));
        return server.WithHealthCheck(key);
    }

    private static GenerateParameterDefault Password() => new() { MinLength = 24, Special = false };
}
