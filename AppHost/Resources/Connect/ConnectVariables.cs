namespace EventDriven.AppHost;

/// <summary>The environment variables of the Connect worker that connectors refer to.</summary>
internal static class ConnectVariables
{
    public const string Kafka = ConnectSettings.VariablePrefix + "KAFKA";
    public const string MariaDbHost = ConnectSettings.VariablePrefix + "MARIADB_HOST";
    public const string MariaDbPort = ConnectSettings.VariablePrefix + "MARIADB_PORT";

    /// <summary>The password of the CDC user.</summary>
    public const string CdcPassword = ConnectSettings.VariablePrefix + "CDC_PASSWORD";

    /// <summary>
    /// The same password, for the outbox connector. It is set only where Debezium is the publisher, so that a connector which an earlier run
    /// left on the worker cannot publish beside the relay.
    /// </summary>
    public const string OutboxPassword = ConnectSettings.VariablePrefix + "OUTBOX_PASSWORD";

    /// <summary>The password of the JDBC sink's user.</summary>
    public const string SinkPassword = ConnectSettings.VariablePrefix + "SINK_PASSWORD";

    /// <summary>How a connector's configuration names a variable.</summary>
    public static string Of(string variable) => $"${{env:{variable}}}";
}
