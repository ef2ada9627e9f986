using EventDriven.Contracts;

namespace EventDriven.AppHost;

/// <summary>Debezium as the sender of the outbox: every row becomes an event on <c>events.&lt;aggregate type&gt;</c>, the same bytes as the relay's.</summary>
internal static class OutboxConnector
{
    /// <summary>Its name on the worker, and its topic prefix.</summary>
    public const string Name = ConnectTopics.Outbox;

    private const string StringConverter = "org.apache.kafka.connect.storage.StringConverter";

    // Column by header, in the order of EventHeaders.InOrder; the router itself puts the id first.
    private static readonly (string Column, string Header)[] Headers =
    [
        ("event_type", EventHeaders.EventType),
        ("aggregate_type", EventHeaders.AggregateType),
        ("aggregate_version", EventHeaders.AggregateVersion),
        ("correlation_id", EventHeaders.CorrelationId),
        ("causation_id", EventHeaders.CausationId),
        ("source", EventHeaders.Source),
        ("traceparent", EventHeaders.TraceParent),
        ("tracestate", EventHeaders.TraceState),
    ];

    /// <summary>The configuration.</summary>
    /// <param name="database">The database of the outbox.</param>
    public static IReadOnlyDictionary<string, string> Configuration(string database = "ecommerce") =>
        new Dictionary<string, string>(MariaDbSource.Settings(Name, serverId: 5401, ConnectVariables.OutboxPassword), StringComparer.Ordinal)
        {
            ["table.include.list"] = $"{database}.outbox_events",

            // Only what is put into the outbox matters, not that it was removed.
            ["skipped.operations"] = "u,d,t",
            ["tombstones.on.delete"] = "false",
            ["key.converter"] = StringConverter,
            ["value.converter"] = StringConverter,
            ["header.converter"] = StringConverter,
            ["transforms"] = "outbox",
            ["transforms.outbox.type"] = "io.debezium.transforms.outbox.EventRouter",
            ["transforms.outbox.table.field.event.id"] = "id",
            ["transforms.outbox.table.field.event.key"] = "aggregate_id",
            ["transforms.outbox.table.field.event.payload"] = "payload",
            ["transforms.outbox.table.field.event.timestamp"] = "created_at",
            ["transforms.outbox.route.by.field"] = "aggregate_type",
            ["transforms.outbox.route.topic.replacement"] = Topics.NameFor("${routedByValue}"),
            ["transforms.outbox.table.fields.additional.placement"] = string.Join(',', Headers.Select(header => $"{header.Column}:header:{header.Header}")),
        };
}
