namespace EventDriven.AppHost;

/// <summary>The MariaDB of the system, whatever runs it.</summary>
/// <param name="Server">What to wait for; its connection string is an administrator's.</param>
/// <param name="Host">Where it listens.</param>
/// <param name="Port">On which port.</param>
/// <param name="Passwords">The generated password of each of <see cref="DatabaseUsers"/>.</param>
internal sealed record MariaDbResources(
    IResourceBuilder<IResourceWithConnectionString> Server,
    ReferenceExpression Host,
    ReferenceExpression Port,
    IReadOnlyDictionary<string, IResourceBuilder<ParameterResource>> Passwords)
{
    /// <summary>The connection string of a database for one of <see cref="DatabaseUsers"/>.</summary>
    public ReferenceExpression ConnectionString(string database, string user) =>
        ReferenceExpression.Create($"Server={Host};Port={Port};User ID={user};Password={Passwords[user]};Database={database}");
}
