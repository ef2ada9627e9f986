using EventDriven.TestSupport;

namespace EventDriven.EndToEnd;

/// <summary>The system on the embedded broker: what runs where there is neither a container engine nor a Kafka distribution.</summary>
public sealed class EmbeddedKafkaSystem : RunningSystem
{
    public override string? Missing => MariaDbServer.Missing;

    protected override IEnumerable<string> Arguments => ["--Mode:Kafka=Embedded", "--Mode:Connect=None"];
}
