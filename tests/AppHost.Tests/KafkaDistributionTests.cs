namespace EventDriven.AppHost.Tests;

public sealed class KafkaDistributionTests
{
    [Theory]
    [InlineData("openjdk version \"17.0.15\" 2025-04-15", 17)]
    [InlineData("java version \"1.8.0_402\"", 8)]
    [InlineData("openjdk version \"21\" 2023-09-19", 21)]
    [InlineData("Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"25.0.1\" 2025-10-21", 25)]
    [InlineData("no such thing", null)]
    public void The_version_is_read_from_what_Java_prints(string output, int? expected) =>
        Assert.Equal(expected, KafkaDistribution.ParseJavaVersion(output));

    [Fact]
    public void A_folder_that_is_no_distribution_is_refused_with_what_is_missing()
    {
        var folder = Directory.CreateTempSubdirectory("eventdriven-home-");
        try
        {
            Assert.Equal(
                $"KAFKA_HOME={folder.FullName} is no Kafka distribution: bin/kafka-server-start.sh is missing.",
                Assert.Throws<InvalidOperationException>(() => KafkaDistribution.At(folder.FullName)).Message);

            folder.CreateSubdirectory("bin");
            foreach (var script in new[] { "kafka-server-start.sh", "kafka-storage.sh", "connect-distributed.sh" })
            {
                File.WriteAllText(Path.Combine(folder.FullName, "bin", script), "");
            }

            Assert.Equal(
                $"KAFKA_HOME={folder.FullName} is no Kafka distribution: libs/kafka_*.jar is missing.",
                Assert.Throws<InvalidOperationException>(() => KafkaDistribution.At(folder.FullName)).Message);

            folder.CreateSubdirectory("libs");
            File.WriteAllText(Path.Combine(folder.FullName, "libs", "kafka_2.13-4.2.0.jar"), "");
            Assert.Equal("4.2.0", KafkaDistribution.At(folder.FullName).Version);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
