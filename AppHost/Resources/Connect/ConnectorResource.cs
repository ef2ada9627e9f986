namespace EventDriven.AppHost;

/// <summary>A connector on a Connect worker.</summary>
/// <param name="name">Its name, here and on the worker.</param>
/// <param name="parent">The worker.</param>
/// <param name="configuration">Its configuration in Connect's own property names.</param>
internal sealed class ConnectorResource(string name, IConnectResource parent, IReadOnlyDictionary<string, string> configuration)
    : Resource(name), IResourceWithParent<IConnectResource>, IResourceWithWaitSupport
{
    /// <inheritdoc/>
    public IConnectResource Parent => parent;

    /// <summary>The declared configuration.</summary>
    public IReadOnlyDictionary<string, string> Configuration => configuration;

    /// <summary>The worker's REST interface.</summary>
    public ConnectClient Worker => field ??= Connect.ClientOf(parent);

    /// <summary>What keeps it as declared, once the worker is ready.</summary>
    public ConnectorKeeper? Keeper { get; set; }
}
