using System.Runtime.CompilerServices;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>Where a distribution of Apache Kafka is, for the tests that compare with it.</summary>
public static class ApacheKafka
{
    public const string Absent = "No Apache Kafka: set KAFKA_HOME to a distribution (4.x, needs Java 17).";

    /// <summary>KAFKA_HOME, else a kit beside the checkout, else null.</summary>
    public static string? Home { get; } = Find();

    public static string Script(string name) => Path.Combine(Home!, "bin", name);

    private static string? Find([CallerFilePath] string thisFile = "")
    {
        var home = Environment.GetEnvironmentVariable("KAFKA_HOME");
        if (string.IsNullOrEmpty(home))
        {
            var repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
            home = Path.GetFullPath(Path.Combine(repository, "../shared/kafka-kit/kafka"));
        }

        return File.Exists(Path.Combine(home, "bin", "kafka-server-start.sh")) ? home : null;
    }
}
