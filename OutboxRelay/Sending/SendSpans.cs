using System.Diagnostics;
using EventDriven.OutboxRelay.Outbox;
using EventDriven.ServiceDefaults;

namespace EventDriven.OutboxRelay.Sending;

/// <summary>Spans of sent rows, by OpenTelemetry's conventions for messaging: one per row, child of the span that wrote it to the outbox.</summary>
internal static class SendSpans
{
    /// <summary>Writes the spans of a batch that was just acknowledged.</summary>
    public static void Write(IReadOnlyList<OutboxRow> rows, DateTimeOffset begun)
    {
        if (!Telemetry.ActivitySource.HasListeners())
        {
            return;
        }

        foreach (var row in rows)
        {
            var topic = OutboxMessage.TopicOf(row);
            using var span = Telemetry.ActivitySource.StartActivity(
                $"send {topic}",
                ActivityKind.Producer,
                ActivityContext.TryParse(row.TraceParent, row.TraceState, isRemote: true, out var parent) ? parent : default,
                [
                    new("messaging.system", "kafka"),
                    new("messaging.operation.name", "send"),
                    new("messaging.operation.type", "send"),
                    new("messaging.destination.name", topic),
                    new("messaging.kafka.message.key", row.AggregateId.ToString()),
                    new("messaging.message.id", row.Id.ToString()),
                    new("messaging.batch.message_count", rows.Count),
                    new("eventdriven.event.type", row.EventType),
                ],
                startTime: begun);
        }
    }
}
