using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventDriven.Contracts;

/// <summary>Between an event and the UTF-8 JSON of its payload.</summary>
public static class EventJson
{
    // A payload is never put into a page, so letters stay letters: shorter, and readable in the outbox and in kcat.
    private static readonly EventJsonContext Context =
        new(new JsonSerializerOptions(EventJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static readonly FrozenDictionary<string, JsonTypeInfo> Types = new[]
    {
        typeof(OrderCreated), typeof(OrderItemAdded), typeof(OrderItemRemoved), typeof(PaymentReceived), typeof(OrderShipped),
        typeof(OrderDelivered), typeof(OrderCancelled), typeof(CustomerRegistered), typeof(CustomerUpdated), typeof(ProductListed),
        typeof(ProductUpdated), typeof(StockAdjusted),
    }.ToFrozenDictionary(type => type.Name, type => Context.GetTypeInfo(type)!, StringComparer.Ordinal);

    /// <summary>The names of all event types.</summary>
    public static IReadOnlyCollection<string> EventTypes => Types.Keys;

    /// <summary>The JSON shape of an event type.</summary>
    /// <exception cref="JsonException">The event type is unknown.</exception>
    public static JsonTypeInfo ShapeOf(string eventType) =>
        Types.TryGetValue(eventType, out var shape) ? shape : throw new JsonException($"Unknown event type '{eventType}'.");

    /// <summary>The payload of an event.</summary>
    public static string Write(DomainEvent domainEvent) => JsonSerializer.Serialize(domainEvent, ShapeOf(domainEvent.EventType));

    /// <summary>The event of a payload.</summary>
    /// <exception cref="JsonException">The event type is unknown, the JSON is broken, or a required member is missing or null: a poison message.</exception>
    public static DomainEvent Read(string eventType, ReadOnlySpan<byte> payload) =>
        JsonSerializer.Deserialize(payload, ShapeOf(eventType)) as DomainEvent ?? throw new JsonException($"The payload of {eventType} is null.");
}
