using Confluent.Kafka;
using EventDriven.OutboxRelay.Outbox;

namespace EventDriven.OutboxRelay.Sending;

/// <summary>What became of a row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Error">Why it was not acknowledged, or null.</param>
internal readonly record struct SendResult(OutboxRow Row, Error? Error);
