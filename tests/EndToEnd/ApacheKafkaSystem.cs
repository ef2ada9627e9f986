using EventDriven.TestSupport;

namespace EventDriven.EndToEnd;

/// <summary>The system on Apache Kafka as a process.</summary>
public sealed class ApacheKafkaSystem : RunningSystem
{
    public override string? Missing => MariaDbServer.Missing ?? KafkaDistribution.Missing;

    protected override IEnumerable<string> Arguments => ["--Mode:Kafka=Process", "--Mode:Connect=None", $"--KAFKA_HOME={KafkaDistribution.Home}"];
}
