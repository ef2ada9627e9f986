using EventDriven.TestSupport;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>The distribution of Apache Kafka that the tests and benchmarks compare with.</summary>
public static class ApacheKafka
{
    public const string Absent = "No Apache Kafka: set KAFKA_HOME to a distribution (4.x, needs Java 17).";

    /// <summary>Its folder, or null.</summary>
    public static string? Home => KafkaDistribution.Home;

    public static string Script(string name) => Path.Combine(Home!, "bin", name);
}
