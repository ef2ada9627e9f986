namespace EventDriven.Contracts;

/// <summary>The topics that are needed only with Debezium Connect: changes of tables, and what Connect and its connectors keep for themselves.</summary>
public static class ConnectTopics
{
    /// <summary>The topic prefix of the outbox connector.</summary>
    public const string Outbox = "outbox";

    /// <summary>The topic prefix of change data capture: its topics are <c>app.&lt;database&gt;.&lt;table&gt;</c>.</summary>
    public const string ChangePrefix = "app";

    /// <summary>The connector that writes <see cref="Topics.OrdersPerMinute"/> into a table.</summary>
    public const string OrdersPerMinuteSink = "orders-per-minute-sink";

    /// <summary>The tables whose changes are captured.</summary>
    public static readonly IReadOnlyList<string> CapturedTables = ["orders", "order_items", "customers", "products"];

    /// <summary>Where requests to the change data connector are put, such as for an incremental snapshot. One partition, because they have an order.</summary>
    public static readonly Topic Signals = Topics.Kept($"debezium-signals.{ChangePrefix}", Topics.SevenDays) with { Partitions = 1 };

    /// <summary>Records that the sink could not write.</summary>
    public static readonly Topic OrdersPerMinuteSinkDeadLetters = Topics.Kept($"dlq.{OrdersPerMinuteSink}", Topics.SevenDays) with { Partitions = 1 };

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Topic> All =
    [
        Compacted("connect-configs", 1), Compacted("connect-offsets", 5), Compacted("connect-status", 5),
        .. CapturedTables.Select(table => Changes("ecommerce", table)),
        SchemaHistory(Outbox), SchemaHistory(ChangePrefix), Heartbeat(Outbox), Heartbeat(ChangePrefix),
        Signals, OrdersPerMinuteSinkDeadLetters,
    ];

    /// <summary>The changes of a table, compacted: for each key at least its last state stays.</summary>
    public static Topic Changes(string database, string table) => Compacted($"{ChangePrefix}.{database}.{table}", Topics.DefaultPartitions);

    /// <summary>The tables' definitions over time, by which a connector reads the binary log from where it stopped. One partition, kept for ever.</summary>
    public static Topic SchemaHistory(string prefix) => new($"schema-changes.{prefix}", 1, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cleanup.policy"] = "delete",
        ["retention.ms"] = "-1",
        ["retention.bytes"] = "-1",
        ["compression.type"] = "producer",
    });

    private static Topic Heartbeat(string prefix) => Compacted($"__debezium-heartbeat.{prefix}", 1);

    private static Topic Compacted(string name, int partitions) => new(name, partitions, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cleanup.policy"] = "compact",
        ["compression.type"] = "producer",
    });
}
