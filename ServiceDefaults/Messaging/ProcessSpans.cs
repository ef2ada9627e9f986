using System.Diagnostics;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Spans of applied events, by OpenTelemetry's conventions for messaging: one per event, child of the span that wrote it to the outbox.</summary>
internal static class ProcessSpans
{
    /// <summary>Writes the spans of a batch that was just committed. Its events share their time: they were one transaction.</summary>
    public static void Write(IReadOnlyList<IncomingEvent> events, string group, DateTimeOffset begun)
    {
        if (!Telemetry.ActivitySource.HasListeners())
        {
            return;
        }

        foreach (var incoming in events)
        {
            using var span = Telemetry.ActivitySource.StartActivity(
                $"process {incoming.Topic}",
                ActivityKind.Consumer,
                incoming.TraceParent,
                [
                    new("messaging.system", "kafka"),
                    new("messaging.operation.name", "process"),
                    new("messaging.operation.type", "process"),
                    new("messaging.destination.name", incoming.Topic),
                    new("messaging.destination.partition.id", incoming.Partition.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    new("messaging.kafka.offset", incoming.Offset),
                    new("messaging.kafka.message.key", incoming.Aggregate.Id.ToString()),
                    new("messaging.message.id", incoming.EventId.ToString()),
                    new("messaging.consumer.group.name", group),
                    new("messaging.batch.message_count", events.Count),
                    new("eventdriven.event.type", incoming.Event.EventType),
                ],
                startTime: begun);
        }
    }
}
