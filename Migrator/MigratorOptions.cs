using Microsoft.Extensions.Configuration;

namespace EventDriven.Migrator;

/// <summary>What a migration run needs to know.</summary>
public sealed record MigratorOptions
{
    /// <summary>Connection string of an account that may create databases and users; it names no database.</summary>
    public required string ServerConnectionString { get; init; }

    /// <summary>Password of each database user by name. A user that is not listed is neither created nor granted anything.</summary>
    public IReadOnlyDictionary<string, string> Passwords { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Put before the name of each database, so that tests have databases of their own on a shared server.</summary>
    public string DatabasePrefix { get; init; } = "";

    /// <summary><c>host:port</c> of the brokers on which the topics are created; null leaves topics alone.</summary>
    public string? KafkaBootstrapServers { get; init; }

    /// <summary>How many brokers hold each partition of a new topic; from 2 on, all but one must have a record before it counts as written. Null: as the brokers are set up.</summary>
    public int? TopicReplication { get; init; }

    /// <summary>Whether the topics of Debezium Connect are created too; the embedded broker refuses them, because it does not compact.</summary>
    public bool ConnectTopics { get; init; }

    /// <summary>Who publishes the outbox, <c>Relay</c> or <c>Debezium</c>; recorded in the database, where the other one finds it.</summary>
    public string OutboxPublisher { get; init; } = "Relay";

    /// <summary>Whether the sample customers and products are added, with their events.</summary>
    public bool Seed { get; init; }

    /// <summary>How long to wait for MariaDB, for another migrator, and for Kafka, each.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads the options from the configuration that the AppHost gives.</summary>
    /// <param name="configuration">Settings and connection strings.</param>
    /// <param name="seed">Whether sample data is added where the setting <c>Seed</c> does not say.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    internal static MigratorOptions Read(IConfiguration configuration, bool seed)
    {
        var replication = configuration.GetValue<int?>("Topics:Replication");
        return new()
        {
            ServerConnectionString = configuration.GetConnectionString("mariadb") is { Length: > 0 } server
                ? server
                : throw new InvalidOperationException("ConnectionStrings:mariadb is not set: the account that may create databases and users"),
            Passwords = configuration.GetSection("Users").GetChildren()
                .Where(user => !string.IsNullOrEmpty(user.Value))
                .ToDictionary(user => user.Key, user => user.Value!, StringComparer.Ordinal),
            DatabasePrefix = configuration["DatabasePrefix"] ?? "",
            KafkaBootstrapServers = configuration.GetConnectionString("kafka"),
            TopicReplication = replication is null or (> 0 and <= short.MaxValue)
                ? replication
                : throw new InvalidOperationException($"Topics:Replication={replication}: a number of brokers, at least 1"),
            ConnectTopics = configuration.GetValue("Topics:Connect", false),
            OutboxPublisher = configuration["Outbox:Publisher"] ?? "Relay",
            Seed = configuration.GetValue("Seed", seed),
        };
    }
}
