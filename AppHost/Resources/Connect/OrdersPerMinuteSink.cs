using System.Text.Json;
using System.Text.Json.Nodes;
using EventDriven.Contracts;

namespace EventDriven.AppHost;

/// <summary>
/// Debezium's JDBC sink: writes the windows of <c>analytics.orders-per-minute</c> into a table, one row for each, by upsert on the record's key:
/// https://debezium.io/documentation/reference/stable/connectors/jdbc.html.
/// </summary>
internal static class OrdersPerMinuteSink
{
    /// <summary>Its name on the worker.</summary>
    public const string Name = ConnectTopics.OrdersPerMinuteSink;

    /// <summary>The table it writes.</summary>
    public const string Table = "orders_per_minute_results";

    private const string JsonConverter = "org.apache.kafka.connect.json.JsonConverter";

    /// <summary>The configuration.</summary>
    /// <param name="database">The database of the table.</param>
    public static IReadOnlyDictionary<string, string> Configuration(string database = "analytics") => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["connector.class"] = "io.debezium.connector.jdbc.JdbcSinkConnector",
        ["tasks.max"] = "1",
        ["topics"] = Topics.OrdersPerMinute.Name,
        ["connection.url"] = $"jdbc:mariadb://{ConnectVariables.Of(ConnectVariables.MariaDbHost)}:{ConnectVariables.Of(ConnectVariables.MariaDbPort)}/{database}",
        ["connection.username"] = DatabaseUsers.JdbcSink,
        ["connection.password"] = ConnectVariables.Of(ConnectVariables.SinkPassword),
        ["insert.mode"] = "upsert",
        ["primary.key.mode"] = "record_key",
        ["schema.evolution"] = "none",
        ["collection.name.format"] = Table,
        ["use.time.zone"] = "UTC",

        // The topic holds plain JSON, the sink wants schemas: the converter is given one. Kafka Connect 4.2 or newer.
        ["value.converter"] = JsonConverter,
        ["value.converter.schemas.enable"] = "true",
        ["value.converter.schema.content"] = Struct(
            Instant("windowStart"), Field("orderCount", "int32"), Money("revenue"), Money("average"), Field("version", "int64")),

        // The key is the window's beginning as text; the sink wants a member, and an instant for the column. Then members in camelCase become
        // columns in snake_case; unquoted, the sink would write them all in lower case.
        ["key.converter"] = "org.apache.kafka.connect.storage.StringConverter",
        ["transforms"] = "key,instant,columns",
        ["transforms.key.type"] = "org.apache.kafka.connect.transforms.HoistField$Key",
        ["transforms.key.field"] = "windowStart",
        ["transforms.instant.type"] = "org.apache.kafka.connect.transforms.TimestampConverter$Key",
        ["transforms.instant.field"] = "windowStart",
        ["transforms.instant.target.type"] = "Timestamp",
        ["transforms.instant.format"] = "yyyy-MM-dd'T'HH:mm:ss'Z'",
        ["transforms.columns.type"] = "io.debezium.connector.jdbc.transforms.FieldNameTransformation",
        ["transforms.columns.column.naming.style"] = "snake_case",
        ["quote.identifiers"] = "true",

        // What cannot be written goes aside with the reason, and the rest goes on.
        ["errors.tolerance"] = "all",
        ["errors.deadletterqueue.topic.name"] = ConnectTopics.OrdersPerMinuteSinkDeadLetters.Name,
        ["errors.deadletterqueue.topic.replication.factor"] = "-1",
        ["errors.deadletterqueue.context.headers.enable"] = "true",
        ["errors.log.enable"] = "true",

        // One task writes; a pool for many would only hold connections.
        ["connection.pool.min_size"] = "1",
        ["connection.pool.max_size"] = "4",
        ["connection.pool.acquire_increment"] = "1",
        ["consumer.override.auto.offset.reset"] = "earliest",
        ["batch.size"] = "3000",
        ["consumer.override.max.poll.records"] = "3000",

        // MariaDB may go and come back.
        ["connection.restart.on.errors"] = "true",
        ["flush.max.retries"] = "20",
        ["flush.retry.delay.ms"] = "1000",
    };

    private static string Struct(params JsonObject[] fields) =>
        new JsonObject { ["type"] = "struct", ["optional"] = false, ["fields"] = new JsonArray([.. fields]) }.ToJsonString(JsonSerializerOptions.Default);

    private static JsonObject Field(string name, string type) => new() { ["field"] = name, ["type"] = type, ["optional"] = false };

    private static JsonObject Instant(string name)
    {
        var field = Field(name, "string");
        field["name"] = "io.debezium.time.ZonedTimestamp";
        field["version"] = 1;
        return field;
    }

    // Decimals arrive as JSON numbers and stay exact: DECIMAL(18,2).
    private static JsonObject Money(string name)
    {
        var field = Field(name, "bytes");
        field["name"] = "org.apache.kafka.connect.data.Decimal";
        field["version"] = 1;
        field["parameters"] = new JsonObject { ["scale"] = "2", ["connect.decimal.precision"] = "18" };
        return field;
    }
}
