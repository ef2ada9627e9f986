using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using EventDriven.Contracts;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>From a record to the event it holds.</summary>
internal static class RecordDecoder
{
    /// <summary>Reads headers, key and payload; never throws for what stands in them.</summary>
    public static IncomingRecord Decode(ConsumeResult<byte[]?, byte[]?> raw) => Decode(raw, raw.TopicPartitionOffset);

    /// <summary>Reads a record that was found at <paramref name="readAt"/>, not at the place it names.</summary>
    public static IncomingRecord Decode(ConsumeResult<byte[]?, byte[]?> raw, TopicPartitionOffset readAt)
    {
        var headers = raw.Message.Headers;
        var record = new IncomingRecord { Raw = raw, ReadAt = readAt, Aggregate = Aggregate(raw), Version = Version(headers) };
        try
        {
            return record with { Event = Event(record) };
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return record with { Unreadable = exception.Message.ReplaceLineEndings(" ") };
        }
    }

    /// <summary>The text of a header; null where it is missing or has a null value. The last one counts, as with Java's clients.</summary>
    public static string? Text(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var value) && value is not null ? Encoding.UTF8.GetString(value) : null;

    private static IncomingEvent Event(IncomingRecord record)
    {
        var (raw, headers) = (record.Raw, record.Raw.Message.Headers);
        var aggregate = record.Aggregate ?? throw new FormatException($"The key is no UUID, or the header '{EventHeaders.AggregateType}' is missing.");
        var version = record.Version ?? throw new FormatException($"The header '{EventHeaders.AggregateVersion}' is missing or no number above 0.");
        var type = Text(headers, EventHeaders.EventType) ?? throw new FormatException($"The header '{EventHeaders.EventType}' is missing.");
        if (!Guid.TryParse(Text(headers, EventHeaders.Id), out var id))
        {
            throw new FormatException($"The header '{EventHeaders.Id}' is missing or no UUID.");
        }

        var domainEvent = EventJson.Read(type, raw.Message.Value ?? throw new FormatException("The record has no value."));
        if (domainEvent.AggregateId != aggregate.Id || !string.Equals(domainEvent.AggregateType, aggregate.Type, StringComparison.Ordinal))
        {
            throw new FormatException($"The payload is of {domainEvent.AggregateType} {domainEvent.AggregateId}, key and headers are of {aggregate.Type} {aggregate.Id}.");
        }

        return new IncomingEvent
        {
            Topic = raw.Topic,
            Partition = raw.Partition.Value,
            Offset = raw.Offset.Value,
            EventId = id,
            Aggregate = aggregate,
            Version = version,
            Event = domainEvent,
            TraceParent = TraceParent(headers),
        };
    }

    private static AggregateKey? Aggregate(ConsumeResult<byte[]?, byte[]?> raw) =>
        raw.Message.Key is { } key && Guid.TryParseExact(Encoding.UTF8.GetString(key), "D", out var id)
        && Text(raw.Message.Headers, EventHeaders.AggregateType) is { Length: > 0 and <= 50 } type
            ? new AggregateKey(type, id)
            : null;

    private static int? Version(Headers? headers) =>
        int.TryParse(Text(headers, EventHeaders.AggregateVersion), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version
            : null;

    private static ActivityContext TraceParent(Headers? headers) =>
        ActivityContext.TryParse(Text(headers, EventHeaders.TraceParent), Text(headers, EventHeaders.TraceState), isRemote: true, out var context) ? context : default;
}
