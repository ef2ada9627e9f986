using EventDriven.Contracts;

namespace EventDriven.AppHost;

/// <summary>Change data capture: every change of a captured table becomes a record on <c>app.&lt;database&gt;.&lt;table&gt;</c>.</summary>
internal static class ChangeDataConnector
{
    /// <summary>Its name on the worker.</summary>
    public const string Name = "cdc";

    private const string JsonConverter = "org.apache.kafka.connect.json.JsonConverter";

    /// <summary>The configuration.</summary>
    /// <param name="database">The database of the captured tables.</param>
    public static IReadOnlyDictionary<string, string> Configuration(string database = "ecommerce") =>
        new Dictionary<string, string>(MariaDbSource.Settings(ConnectTopics.ChangePrefix, serverId: 5402, ConnectVariables.CdcPassword), StringComparer.Ordinal)
        {
            ["table.include.list"] = string.Join(',', ConnectTopics.CapturedTables.Select(table => $"{database}.{table}")),
            ["key.converter"] = JsonConverter,
            ["key.converter.schemas.enable"] = "false",
            ["value.converter"] = JsonConverter,
            ["value.converter.schemas.enable"] = "false",

            // Exact in JSON: decimals as text, instants as ISO 8601 with microseconds.
            ["decimal.handling.mode"] = "string",
            ["time.precision.mode"] = "isostring",

            // Snapshots beside the live stream, asked for by a record on a topic: no signal table, and no right to write for the CDC user.
            ["read.only"] = "true",
            ["signal.enabled.channels"] = "kafka",
            ["signal.kafka.topic"] = ConnectTopics.Signals.Name,
            ["signal.kafka.bootstrap.servers"] = ConnectVariables.Of(ConnectVariables.Kafka),
            ["signal.poll.interval.ms"] = "1000",
        };
}
