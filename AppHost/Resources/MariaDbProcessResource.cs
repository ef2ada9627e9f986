namespace EventDriven.AppHost;

/// <summary>MariaDB as a process of this machine. Its connection string is the administrator's and names no database.</summary>
internal sealed class MariaDbProcessResource(string name, string program, ParameterResource password)
    : ExecutableResource(name, program, Path.GetTempPath()), IResourceWithConnectionString
{
    public const string EndpointName = "tcp";

    /// <summary>Where it listens.</summary>
    public EndpointReference Endpoint => field ??= new(this, EndpointName);

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Server={Endpoint.Property(EndpointProperty.Host)};Port={Endpoint.Property(EndpointProperty.Port)};User ID=root;Password={password}");
}
