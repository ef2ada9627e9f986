namespace EventDriven.AppHost;

/// <summary>The settings of the Connect worker, the same for a process and for a container. docs/connect.md gives the reasons.</summary>
internal static class ConnectSettings
{
    /// <summary>The environment variables that connectors may name as <c>${env:…}</c>, and no others, begin with this.</summary>
    public const string VariablePrefix = "EVENTDRIVEN_";

    /// <summary>Properties of a distributed worker, without those that depend on where it runs.</summary>
    public static readonly IReadOnlyDictionary<string, string> Worker = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["group.id"] = "connect",

        // The migrator creates them: see Topics.Connect.
        ["config.storage.topic"] = "connect-configs",
        ["offset.storage.topic"] = "connect-offsets",
        ["status.storage.topic"] = "connect-status",

        // A source's records and its offsets become visible together, or not at all.
        ["exactly.once.source.support"] = "enabled",
        ["consumer.isolation.level"] = "read_committed",
        ["producer.compression.type"] = "lz4",

        ["key.converter"] = "org.apache.kafka.connect.json.JsonConverter",
        ["key.converter.schemas.enable"] = "false",
        ["value.converter"] = "org.apache.kafka.connect.json.JsonConverter",
        ["value.converter.schemas.enable"] = "false",

        // Secrets and addresses reach connectors by name only, so that no JSON holds one and a new port changes no configuration.
        ["config.providers"] = "env",
        ["config.providers.env.class"] = "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
        ["config.providers.env.param.allowlist.pattern"] = $"{VariablePrefix}.*",

        // Both Debezium connectors declare themselves as Java services; looking for others by scanning every class takes three times as long.
        ["plugin.discovery"] = "service_load",

        // One worker: after it died nobody else could take its tasks over, so there is nothing to wait for.
        ["scheduled.rebalance.max.delay.ms"] = "0",
        ["session.timeout.ms"] = "6000",
        ["heartbeat.interval.ms"] = "2000",
    };
}
