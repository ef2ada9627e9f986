using System.Globalization;
using System.Text;
using Confluent.Kafka;
using EventDriven.Contracts;
using EventDriven.OutboxRelay.Outbox;

namespace EventDriven.OutboxRelay.Sending;

/// <summary>The record of an outbox row, as the contract has it: the same bytes that Debezium's EventRouter would send.</summary>
internal static class OutboxMessage
{
    /// <summary>The topic of a row.</summary>
    public static string TopicOf(OutboxRow row) => Topics.NameFor(row.AggregateType);

    /// <summary>Key, value, headers and time of a row.</summary>
    public static Message<byte[], byte[]> Of(OutboxRow row)
    {
        Headers headers =
        [
            new Header(EventHeaders.Id, Bytes(row.Id.ToString())),
            new Header(EventHeaders.EventType, Bytes(row.EventType)),
            new Header(EventHeaders.AggregateType, Bytes(row.AggregateType)),
            new Header(EventHeaders.AggregateVersion, Bytes(row.AggregateVersion.ToString(CultureInfo.InvariantCulture))),
            new Header(EventHeaders.CorrelationId, Bytes(row.CorrelationId)),
            new Header(EventHeaders.CausationId, Bytes(row.CausationId)),
            new Header(EventHeaders.Source, Bytes(row.Source)),
            new Header(EventHeaders.TraceParent, Bytes(row.TraceParent)),
            new Header(EventHeaders.TraceState, Bytes(row.TraceState)),
        ];
        return new()
        {
            Key = Encoding.UTF8.GetBytes(row.AggregateId.ToString()),
            Value = row.Payload,
            Headers = headers,
            Timestamp = new Timestamp(new DateTimeOffset(row.CreatedAt).ToUnixTimeMilliseconds(), TimestampType.CreateTime),
        };
    }

    // A header without a value is sent with a null value: the EventRouter cannot leave it out.
    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
