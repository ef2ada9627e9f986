using System.Globalization;
using EventDriven.Contracts;
using EventDriven.ProjectionWorker.Orders;
using EventDriven.ProjectionWorker.Products;
using EventDriven.ServiceDefaults.Messaging;
using EventDriven.TestSupport;

namespace EventDriven.ProjectionWorker.Tests;

public sealed class OrderRowTests
{
    private readonly Guid _order = Guid.CreateVersion7();

    [Fact]
    public void A_whole_order_goes_through_its_states()
    {
        var row = Fold(TestEvents.Order(_order));

        Assert.Equal(("delivered", "paid", "fulfilled", 4), (row.Status, row.PaymentStatus, row.FulfillmentStatus, row.Version));
        Assert.Equal(("DHL", "T-1"), (row.Carrier, row.TrackingNumber));
        Assert.Equal(TestEvents.At.UtcDateTime, row.OrderedAt);
        Assert.Equal(TestEvents.At.UtcDateTime.AddMinutes(3), row.DeliveredAt);
        Assert.Equal("OrderDelivered", row.LastEventType);
    }

    [Fact]
    public void Lines_come_and_go_with_the_amounts_of_the_event()
    {
        var line = TestEvents.Line("SKU-2", 3, 1.10m);
        var row = Fold(TestEvents.OrderCreated(_order), new OrderItemAdded(_order, line, new(13.30m, 2m, 4.90m, 20.20m), TestEvents.At));
        Assert.Equal(["SKU-1", "SKU-2"], row.Items.Select(item => item.Sku));
        Assert.Equal(20.20m, row.Amounts.TotalAmount);

        row = OrderRow.Apply(row, Incoming(new OrderItemRemoved(_order, row.Items[0], new(3.30m, 2m, 4.90m, 10.20m), TestEvents.At), 3));
        Assert.Equal(["SKU-2"], row.Items.Select(item => item.Sku));
        Assert.Equal(10.20m, row.Amounts.TotalAmount);
    }

    [Theory]
    [InlineData("0.00", "pending")]
    [InlineData("16.90", "refundDue")]
    public void A_cancelled_order_says_what_is_to_be_paid_back(string amount, string paymentStatus)
    {
        var refund = decimal.Parse(amount, CultureInfo.InvariantCulture);
        var row = Fold(TestEvents.OrderCreated(_order), new OrderCancelled(_order, "changed my mind", refund, TestEvents.At));

        Assert.Equal(("cancelled", paymentStatus, "changed my mind", (decimal?)refund), (row.Status, row.PaymentStatus, row.CancelReason, row.RefundDue));
    }

    [Fact]
    public void What_cannot_be_is_poison()
    {
        Assert.Throws<PoisonEventException>(() => Fold(TestEvents.Paid(_order)));
        Assert.Throws<PoisonEventException>(() => Fold(
            TestEvents.OrderCreated(_order), new OrderItemRemoved(_order, TestEvents.Line("SKU-9", 1, 1m), new(0, 0, 0, 0), TestEvents.At)));
        Assert.Throws<PoisonEventException>(() => ProductRow.Apply(null, Incoming(new StockAdjusted(_order, -1, 0, "reserved", null, TestEvents.At), 1)));
    }

    private static OrderRow Fold(params DomainEvent[] events)
    {
        OrderRow? row = null;
        foreach (var (index, domainEvent) in events.Index())
        {
            row = OrderRow.Apply(row, Incoming(domainEvent, index + 1));
        }

        return row!;
    }

    private static IncomingEvent Incoming(DomainEvent domainEvent, int version) => new()
    {
        Topic = "events.order",
        Partition = 0,
        Offset = version,
        EventId = Guid.CreateVersion7(),
        Aggregate = new(domainEvent.AggregateType, domainEvent.AggregateId),
        Version = version,
        Event = domainEvent,
    };
}
