using System.Text;
using Confluent.Kafka;
using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;
using EventDriven.TestSupport;

namespace EventDriven.ServiceDefaults.Tests.Messaging;

public sealed class RecordDecoderTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private readonly Guid _order = Guid.CreateVersion7();

    [Fact]
    public void A_record_of_the_contract_is_read_whole()
    {
        var record = RecordDecoder.Decode(Raw(TestEvents.Record(TestEvents.Paid(_order), 2, TraceParent)));

        var incoming = Assert.IsType<IncomingEvent>(record.Event);
        Assert.Equal(new AggregateKey(AggregateTypes.Order, _order), incoming.Aggregate);
        Assert.Equal((2, "events.order", 3, 7L), (incoming.Version, incoming.Topic, incoming.Partition, incoming.Offset));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", incoming.TraceParent.TraceId.ToString());
        Assert.IsType<PaymentReceived>(incoming.Event);
    }

    [Theory]
    [InlineData("OrderTeleported", "Unknown event type 'OrderTeleported'.")]
    [InlineData("OrderShipped", "missing required properties")]
    public void A_payload_that_is_not_its_type_is_unreadable(string type, string reason)
    {
        var message = TestEvents.Record(TestEvents.Paid(_order), 2);
        Set(message, EventHeaders.EventType, type);

        var record = RecordDecoder.Decode(Raw(message));

        Assert.Null(record.Event);
        Assert.Contains(reason, record.Unreadable, StringComparison.Ordinal);
        Assert.Equal(2, record.Version);
    }

    [Theory]
    [InlineData(EventHeaders.AggregateVersion, "0")]
    [InlineData(EventHeaders.AggregateVersion, "two")]
    [InlineData(EventHeaders.Id, "1")]
    [InlineData(EventHeaders.AggregateType, "customer")]
    public void A_header_out_of_its_range_makes_it_unreadable(string header, string value)
    {
        var message = TestEvents.Record(TestEvents.Paid(_order), 2);
        Set(message, header, value);

        Assert.NotNull(RecordDecoder.Decode(Raw(message)).Unreadable);
    }

    [Fact]
    public void A_record_without_headers_or_value_is_unreadable_and_does_not_throw()
    {
        Assert.NotNull(RecordDecoder.Decode(Raw(new Message<byte[]?, byte[]?>())).Unreadable);

        var tombstone = TestEvents.Record(TestEvents.Paid(_order), 2);
        tombstone.Value = null;
        Assert.Equal("The record has no value.", RecordDecoder.Decode(Raw(tombstone)).Unreadable);
    }

    [Fact]
    public void A_dead_letter_keeps_the_original_and_can_be_restored()
    {
        var raw = Raw(TestEvents.Record(TestEvents.Paid(_order), 2, TraceParent));
        var letter = new ConsumeResult<byte[]?, byte[]?>
        {
            TopicPartitionOffset = new("dlq.events.order", 3, 0),
            Message = DeadLetterWriter.Message(new(RecordDecoder.Decode(raw), "gap"), "group"),
        };

        Assert.Equal(raw.Message.Key, letter.Message.Key);
        Assert.Equal(raw.Message.Value, letter.Message.Value);
        Assert.Equal([.. EventHeaders.InOrder, "dlq.reason", "dlq.group", "dlq.topic", "dlq.partition", "dlq.offset"], letter.Message.Headers.Select(header => header.Key));
        Assert.Null(letter.Message.Headers[4].GetValueBytes());

        var restored = DeadLetterWriter.Restore(letter, "group");
        Assert.NotNull(restored);
        Assert.Equal(raw.TopicPartitionOffset, restored.TopicPartitionOffset);
        Assert.Equal(EventHeaders.InOrder, restored.Message.Headers.Select(header => header.Key));
        Assert.Null(DeadLetterWriter.Restore(letter, "another group"));
    }

    private static void Set(Message<byte[]?, byte[]?> message, string header, string value)
    {
        message.Headers.Remove(header);
        message.Headers.Add(header, Encoding.UTF8.GetBytes(value));
    }

    private static ConsumeResult<byte[]?, byte[]?> Raw(Message<byte[]?, byte[]?> message) => new() { TopicPartitionOffset = new("events.order", 3, 7), Message = message };
}
