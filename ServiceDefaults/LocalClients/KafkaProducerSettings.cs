using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Settings of a Kafka producer, as the section <c>Aspire:Confluent:Kafka:Producer[:name]</c> gives them.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>The bootstrap servers; <c>ConnectionStrings:name</c> wins over it, and it wins over <see cref="Config"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Everything librdkafka can be told.</summary>
    public ProducerConfig Config { get; } = new();

    /// <summary>No metrics from the client.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>No health check. (With the Aspire package this is a check that writes to Kafka.)</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>No spans from the client.</summary>
    public bool DisableTracing { get; set; }
}
