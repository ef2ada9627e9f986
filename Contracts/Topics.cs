namespace EventDriven.Contracts;

/// <summary>Every topic of the system. They are created from here, explicitly and with their configuration; auto-creation is never relied on.</summary>
public static class Topics
{
    /// <summary>Partitions of a topic, unless there is a reason for another number.</summary>
    public const int DefaultPartitions = 12;

    internal static readonly TimeSpan SevenDays = TimeSpan.FromDays(7);

    /// <summary>Domain events of orders.</summary>
    public static readonly Topic Orders = EventStore(AggregateTypes.Order);

    /// <summary>Domain events of customers.</summary>
    public static readonly Topic Customers = EventStore(AggregateTypes.Customer);

    /// <summary>Domain events of products and their stock.</summary>
    public static readonly Topic Inventory = EventStore(AggregateTypes.Inventory);

    /// <summary>Results of the one-minute windows over orders.</summary>
    public static readonly Topic OrdersPerMinute = Kept("analytics.orders-per-minute", SevenDays);

    /// <summary>The event topics, in the order of <see cref="AggregateTypes.All"/>.</summary>
    public static readonly IReadOnlyList<Topic> Events = [Orders, Customers, Inventory];

    /// <summary>All topics that the system creates at start: events, their dead letters, and analytics results.</summary>
    public static readonly IReadOnlyList<Topic> All =
        [.. Events, .. Events.Select(DeadLetters), OrdersPerMinute];

    /// <summary>The name of the topic that carries the events of an aggregate type: <c>events.&lt;aggregate type&gt;</c>.</summary>
    public static string NameFor(string aggregateType) => $"events.{aggregateType}";

    /// <summary>The dead letter topic of <paramref name="source"/>: <c>dlq.&lt;source topic&gt;</c>, with the same partitions, so that redrive keeps the order.</summary>
    public static Topic DeadLetters(Topic source) => Kept($"dlq.{source.Name}", SevenDays) with { Partitions = source.Partitions };

    // The event topics are the source of truth: a read model can be rebuilt from their start, so nothing in them ever expires.
    private static Topic EventStore(string aggregateType) =>
        new(NameFor(aggregateType), DefaultPartitions, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cleanup.policy"] = "delete",
            ["retention.ms"] = "-1",
            ["retention.bytes"] = "-1",
            ["compression.type"] = "producer",
        });

    internal static Topic Kept(string name, TimeSpan retention) =>
        new(name, DefaultPartitions, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cleanup.policy"] = "delete",
            ["retention.ms"] = ((long)retention.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["compression.type"] = "producer",
        });
}
