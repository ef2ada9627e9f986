namespace EventDriven.AppHost;

/// <summary>What this machine offers; the facts that <see cref="RunMode"/> decides by.</summary>
/// <param name="Containers">Whether containers can be started: there is an engine, and the Aspire packages are used.</param>
/// <param name="MariaDbServer">The path of <c>mariadbd</c>, or null.</param>
/// <param name="KafkaHome">The folder of a Kafka distribution (<c>KAFKA_HOME</c>), or null.</param>
/// <param name="ConnectPluginPath">The folder of Kafka Connect's plugins (<c>CONNECT_PLUGIN_PATH</c>), or null.</param>
internal sealed record Machine(bool Containers, string? MariaDbServer, string? KafkaHome, string? ConnectPluginPath)
{
    private static readonly string[] EngineSockets = ["/var/run/docker.sock", "/run/podman/podman.sock"];

    /// <summary>Looks at this machine.</summary>
    public static Machine Look(IConfiguration configuration) => new(
        Containers: HasPackages && HasEngine(configuration),
        MariaDbFolder.FindServer(),
        Setting(configuration, "KAFKA_HOME"),
        Setting(configuration, "CONNECT_PLUGIN_PATH"));

    private static bool HasPackages =>
#if ASPIRE_PACKAGES
        true;
#else
        false;
#endif

    // Docker Desktop on Windows and macOS has no socket at these paths: there DOCKER_HOST or Mode:MariaDb=Container says so.
    private static bool HasEngine(IConfiguration configuration) =>
        EngineSockets.Append($"{configuration["XDG_RUNTIME_DIR"]}/podman/podman.sock").Any(File.Exists)
        || !string.IsNullOrEmpty(configuration["DOCKER_HOST"]);

    private static string? Setting(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } value ? value : null;
}
