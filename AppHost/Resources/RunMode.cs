namespace EventDriven.AppHost;

/// <summary>How each backing service is run. Decided here and nowhere else; docs/hosting.md holds the table.</summary>
/// <param name="MariaDb">Given, container or process.</param>
/// <param name="Kafka">Given, container, process or embedded.</param>
/// <param name="Connect">Container, process or none.</param>
internal sealed record RunMode(ServerKind MariaDb, ServerKind Kafka, ServerKind Connect)
{
    /// <summary>The connection string of a MariaDB that already runs, for an account that may create databases and users.</summary>
    public const string GivenMariaDb = "ConnectionStrings:ecommerce";

    /// <summary>The bootstrap servers of a Kafka that already runs.</summary>
    public const string GivenKafka = "ConnectionStrings:kafka";

    /// <summary>Decides by what is configured and what the machine offers; <c>Mode:MariaDb</c>, <c>Mode:Kafka</c> and <c>Mode:Connect</c> force a choice.</summary>
    /// <exception cref="DistributedApplicationException">The choice that is forced, or the only one left, is not possible; the message says what to do.</exception>
    public static RunMode Decide(IConfiguration configuration, Machine machine)
    {
        var mariaDb = Forced(configuration, "Mode:MariaDb", ServerKind.Given, ServerKind.Container, ServerKind.Process)
            ?? (configuration[GivenMariaDb] is { Length: > 0 } ? ServerKind.Given
                : machine.Containers ? ServerKind.Container
                : ServerKind.Process);
        var kafka = Forced(configuration, "Mode:Kafka", ServerKind.Given, ServerKind.Container, ServerKind.Process, ServerKind.Embedded)
            ?? (configuration[GivenKafka] is { Length: > 0 } ? ServerKind.Given
                : machine.Containers ? ServerKind.Container
                : machine.KafkaHome is not null ? ServerKind.Process
                : ServerKind.Embedded);
        var connect = Forced(configuration, "Mode:Connect", ServerKind.Container, ServerKind.Process, ServerKind.None)
            ?? ConnectFor(mariaDb, kafka, machine);

        Require(mariaDb != ServerKind.Given || configuration[GivenMariaDb] is { Length: > 0 }, $"Mode:MariaDb=Given needs {GivenMariaDb}.");
        Require(kafka != ServerKind.Given || configuration[GivenKafka] is { Length: > 0 }, $"Mode:Kafka=Given needs {GivenKafka}.");
        Require(
            machine.Containers || ServerKind.Container is var container && mariaDb != container && kafka != container && connect != container,
            "Containers need a container engine and the Aspire packages (UseAspirePackages=true).");
        Require(
            mariaDb != ServerKind.Process || machine.MariaDbServer is not null,
            $"MariaDB is not installed: install the package mariadb-server, or set {GivenMariaDb}.");
        Require(kafka != ServerKind.Process || machine.KafkaHome is not null, "Mode:Kafka=Process needs KAFKA_HOME, the folder of a Kafka distribution.");
        Require(
            connect != ServerKind.Process || (machine.KafkaHome is not null && machine.ConnectPluginPath is not null),
            "Mode:Connect=Process needs KAFKA_HOME and CONNECT_PLUGIN_PATH.");

        // A container would reach a process of the host only through a tunnel with an image of its own.
        Require(
            connect != ServerKind.Container || (mariaDb == ServerKind.Container && kafka == ServerKind.Container),
            "Mode:Connect=Container needs MariaDB and Kafka as containers too.");

        // Connect keeps its state in compacted topics and writes in transactions; the development broker has neither and refuses both.
        Require(connect == ServerKind.None || kafka != ServerKind.Embedded, "Debezium Connect needs Apache Kafka; the embedded broker is not enough.");
        return new(mariaDb, kafka, connect);
    }

    /// <summary>The line that is printed at start.</summary>
    /// <param name="mariaDbVersion">The version of the MariaDB process, where it is one.</param>
    public string Describe(string? mariaDbVersion) =>
        $"MariaDB: {Name(MariaDb)}{(mariaDbVersion is null ? string.Empty : $" {mariaDbVersion}")} · Kafka: {Name(Kafka)} · Connect: "
        + (Connect != ServerKind.None ? Name(Connect)
            : Kafka == ServerKind.Embedded ? "not started, set KAFKA_HOME and CONNECT_PLUGIN_PATH"
            : "not started, set CONNECT_PLUGIN_PATH");

    private static ServerKind ConnectFor(ServerKind mariaDb, ServerKind kafka, Machine machine) =>
        mariaDb == ServerKind.Container && kafka == ServerKind.Container ? ServerKind.Container
        : machine is { KafkaHome: not null, ConnectPluginPath: not null } && kafka is ServerKind.Process or ServerKind.Given ? ServerKind.Process
        : ServerKind.None;

    private static string Name(ServerKind kind) => kind.ToString().ToLowerInvariant();

    private static ServerKind? Forced(IConfiguration configuration, string key, params ServerKind[] allowed)
    {
        if (configuration[key] is not { Length: > 0 } value)
        {
            return null;
        }

        return Enum.TryParse<ServerKind>(value, ignoreCase: true, out var kind) && allowed.Contains(kind)
            ? kind
            : throw new DistributedApplicationException($"{key}={value} is not known: use {string.Join(", ", allowed)}.");
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new DistributedApplicationException(otherwise);
        }
    }
}
