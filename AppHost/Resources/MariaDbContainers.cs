namespace EventDriven.AppHost;

internal static partial class MariaDb
{
    // AddMySql starts any image of its kind; the official image of MariaDB takes the same variables and keeps its data in the same folder.
    static partial void AddContainer(
        IDistributedApplicationBuilder builder,
        string name,
        IReadOnlyDictionary<string, IResourceBuilder<ParameterResource>> passwords,
        ref MariaDbResources? container)
    {
        var server = builder.AddMySql(name, port: builder.LoopbackPort(PortSetting))
            .WithImage("library/mariadb", "11.8")
            .WithArgs([.. MariaDbSettings.Arguments])
            .WithDataVolume()
            .WithLifetime(builder.ContainerLifetime());
        container = new(
            server,
            ReferenceExpression.Create($"{server.Resource.Host}"),
            ReferenceExpression.Create($"{server.Resource.Port}"),
            passwords);
    }
}
