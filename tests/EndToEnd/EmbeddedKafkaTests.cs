namespace EventDriven.EndToEnd;

/// <inheritdoc/>
public sealed class EmbeddedKafkaTests(EmbeddedKafkaSystem system) : SystemTests(system), IClassFixture<EmbeddedKafkaSystem>;
