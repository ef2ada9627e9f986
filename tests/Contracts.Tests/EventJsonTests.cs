using System.Text;
using System.Text.Json;
using EventDriven.Contracts;

namespace EventDriven.Contracts.Tests;

public sealed class EventJsonTests
{
    [Fact]
    public void There_is_a_sample_of_every_event_type() =>
        Assert.Equal(EventJson.EventTypes.Order(StringComparer.Ordinal), Samples.All.Select(e => e.EventType).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_event_reads_back_as_what_was_written() => Assert.All(Samples.All, sample =>
    {
        var payload = EventJson.Write(sample);
        var read = EventJson.Read(sample.EventType, Encoding.UTF8.GetBytes(payload));
        Assert.Equal(sample.GetType(), read.GetType());
        Assert.Equal(payload, EventJson.Write(read));
    });

    [Fact]
    public void OrderCreated_is_written_as_the_contract_says() => Assert.Equal(
        """
        {"orderId":"01935f00-0000-7000-8000-000000000001","orderNumber":"ORD-20260131-000001","customerId":"01935f00-0000-7000-8000-000000000001","items":[{"productId":"01935f00-0000-7000-8000-000000000002","sku":"SKU-1","name":"Café","quantity":2,"unitPrice":5.00,"lineTotal":10.00}],"shippingAddress":{"street":"1 rue de la Paix","city":"Orléans","zip":"45000","country":"FR"},"billingAddress":{"street":"1 rue de la Paix","city":"Orléans","zip":"45000","country":"FR"},"subtotal":10.00,"taxAmount":2.00,"shippingAmount":4.90,"totalAmount":16.90,"status":"pending","createdAt":"2026-01-31T12:00:00.123456Z"}
        """,
        EventJson.Write(Samples.OrderCreated));

    [Theory]
    [InlineData("0.1", "0.10")]
    [InlineData("12345678901.99", "12345678901.99")]
    [InlineData("-3", "-3.00")]
    [InlineData("7.500", "7.50")]
    public void Money_has_two_decimals(string amount, string expected)
    {
        var value = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
        var payload = EventJson.Write(new PaymentReceived(Guid.Empty, value, "card", "r", default));
        Assert.Contains($"\"amount\":{expected},", payload, StringComparison.Ordinal);
    }

    [Fact]
    public void An_amount_that_was_not_rounded_is_refused() =>
        Assert.Throws<JsonException>(() => EventJson.Write(new PaymentReceived(Guid.Empty, 1.005m, "card", "r", default)));

    [Fact]
    public void Unknown_members_are_ignored()
    {
        var read = Read("OrderDelivered", """{"orderId":"01935f00-0000-7000-8000-000000000001","deliveredAt":"2026-01-31T12:00:00Z","parcel":{"kg":3}}""");
        Assert.Equal(new OrderDelivered(Guid.Parse("01935f00-0000-7000-8000-000000000001"), new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero)), read);
    }

    [Theory]
    [InlineData("OrderDelivered", """{"orderId":"01935f00-0000-7000-8000-000000000001"}""")]
    [InlineData("OrderCancelled", """{"orderId":"01935f00-0000-7000-8000-000000000001","reason":null,"refundDue":0.00,"cancelledAt":"2026-01-31T12:00:00Z"}""")]
    [InlineData("OrderDelivered", "null")]
    [InlineData("OrderDelivered", "{")]
    [InlineData("OrderDelivered", "")]
    [InlineData("OrderDevoured", "{}")]
    public void A_poison_payload_is_a_json_error(string eventType, string payload) =>
        Assert.ThrowsAny<JsonException>(() => Read(eventType, payload));

    [Fact]
    public void The_key_of_an_event_is_its_aggregate()
    {
        Assert.Equal(("order", Samples.OrderCreated.OrderId), (Samples.OrderCreated.AggregateType, Samples.OrderCreated.AggregateId));
        Assert.All(Samples.All, sample => Assert.Contains(sample.AggregateType, AggregateTypes.All));
    }

    private static DomainEvent Read(string eventType, string payload) => EventJson.Read(eventType, Encoding.UTF8.GetBytes(payload));
}
