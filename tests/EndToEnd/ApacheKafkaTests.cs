namespace EventDriven.EndToEnd;

/// <inheritdoc/>
public sealed class ApacheKafkaTests(ApacheKafkaSystem system) : SystemTests(system), IClassFixture<ApacheKafkaSystem>;
