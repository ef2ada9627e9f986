namespace EventDriven.AppHost;

/// <summary>The database users: one for each service, created by the migrator with only what that service needs.</summary>
internal static class DatabaseUsers
{
    public const string OrderApi = "order_api";
    public const string OutboxRelay = "outbox_relay";
    public const string ProjectionWorker = "projection_worker";
    public const string AnalyticsWorker = "analytics_worker";

    /// <summary>Debezium's user: reads tables and the binary log.</summary>
    public const string ChangeDataCapture = "cdc";

    /// <summary>The JDBC sink's user: writes the analytics result tables.</summary>
    public const string JdbcSink = "jdbc_sink";

    public static readonly IReadOnlyList<string> All =
        [OrderApi, OutboxRelay, ProjectionWorker, AnalyticsWorker, ChangeDataCapture, JdbcSink];
}
