using EventDriven.Contracts;

namespace EventDriven.AppHost;

/// <summary>What Debezium's connectors for MariaDB have in common: https://debezium.io/documentation/reference/stable/connectors/mariadb.html.</summary>
internal static class MariaDbSource
{
    /// <summary>Settings of a connector that reads the binary log.</summary>
    /// <param name="prefix">Its topic prefix: the name of this stream in topics and signals.</param>
    /// <param name="serverId">Its id among the replicas of the server: unique.</param>
    /// <param name="passwordVariable">The environment variable that holds the CDC user's password.</param>
    public static Dictionary<string, string> Settings(string prefix, int serverId, string passwordVariable) => new(StringComparer.Ordinal)
    {
        ["connector.class"] = "io.debezium.connector.mariadb.MariaDbConnector",
        ["tasks.max"] = "1",
        ["database.hostname"] = ConnectVariables.Of(ConnectVariables.MariaDbHost),
        ["database.port"] = ConnectVariables.Of(ConnectVariables.MariaDbPort),
        ["database.user"] = DatabaseUsers.ChangeDataCapture,
        ["database.password"] = ConnectVariables.Of(passwordVariable),
        ["database.ssl.mode"] = "disable",
        ["database.server.id"] = serverId.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["topic.prefix"] = prefix,

        // Takes a snapshot at the first start, and again where the binary log no longer holds the stored position: nothing is skipped in silence.
        ["snapshot.mode"] = "when_needed",
        ["schema.history.internal.kafka.bootstrap.servers"] = ConnectVariables.Of(ConnectVariables.Kafka),
        ["schema.history.internal.kafka.topic"] = ConnectTopics.SchemaHistory(prefix).Name,
        ["schema.history.internal.store.only.captured.tables.ddl"] = "true",

        // The binary log holds the DDL of every database of the server; one statement that the parser does not know must not stop the stream.
        ["schema.history.internal.skip.unparseable.ddl"] = "true",

        // Else it wants a topic named as the prefix, and without it stands still while it says RUNNING.
        ["include.schema.changes"] = "false",

        // Moves the stored position on while other tables than the captured ones change, so that a restart need not read the log from far back.
        ["heartbeat.interval.ms"] = "5000",
        ["exactly.once.support"] = "required",
        ["extended.headers.enabled"] = "false",
        ["poll.interval.ms"] = "50",

        // Notices a dead server after seconds, not minutes.
        ["connect.keep.alive.interval.ms"] = "1000",

        // A net only: topics are declared. A topic that was forgotten is created, where else the connector would stand still.
        ["topic.creation.default.partitions"] = "12",
        ["topic.creation.default.replication.factor"] = "-1",
    };
}
