namespace EventDriven.AppHost;

/// <summary>What the container resources read from configuration.</summary>
internal static class BuilderContainers
{
    /// <summary><c>Persistent=true</c> leaves the servers running when the AppHost ends, so that the next start finds them ready.</summary>
    public static ContainerLifetime ContainerLifetime(this IDistributedApplicationBuilder builder) =>
        builder.Configuration.GetValue<bool>("Persistent")
            ? Aspire.Hosting.ApplicationModel.ContainerLifetime.Persistent
            : Aspire.Hosting.ApplicationModel.ContainerLifetime.Session;
}
