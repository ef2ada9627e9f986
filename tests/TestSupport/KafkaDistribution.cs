namespace EventDriven.TestSupport;

/// <summary>An Apache Kafka distribution for tests: <c>KAFKA_HOME</c>, or one that lies beside the checkout.</summary>
public static class KafkaDistribution
{
    private const string BesideTheCheckout = "shared/kafka-kit";

    /// <summary>The distribution's folder, or null.</summary>
    public static string? Home { get; } = Find("KAFKA_HOME", "kafka", folder => File.Exists(Path.Combine(folder, "bin", "kafka-server-start.sh")));

    /// <summary>The folder of Kafka Connect's plugins, or null.</summary>
    public static string? ConnectPluginPath { get; } = Find("CONNECT_PLUGIN_PATH", "plugins", Directory.Exists);

    /// <summary>Why there is no Apache Kafka here, or null where there is: for <c>Assert.SkipWhen</c>.</summary>
    public static string? Missing => Home is null ? "KAFKA_HOME is not set: no Apache Kafka" : null;

    /// <summary>Why there is no Debezium Connect here, or null where there is: for <c>Assert.SkipWhen</c>.</summary>
    public static string? ConnectMissing => Missing ?? (ConnectPluginPath is null ? "CONNECT_PLUGIN_PATH is not set: no Debezium" : null);

    private static string? Find(string variable, string folder, Func<string, bool> usable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } configured)
        {
            return usable(configured) ? configured : null;
        }

        for (var up = new DirectoryInfo(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            if (File.Exists(Path.Combine(up.FullName, "EventDriven.sln")))
            {
                var beside = Path.Combine(up.Parent?.FullName ?? up.FullName, BesideTheCheckout, folder);
                return usable(beside) ? beside : null;
            }
        }

        return null;
    }
}
