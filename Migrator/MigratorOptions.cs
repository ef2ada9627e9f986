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
}
