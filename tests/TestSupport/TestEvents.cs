using System.Globalization;
using System.Text;
using Confluent.Kafka;
using EventDriven.Contracts;

namespace EventDriven.TestSupport;

/// <summary>Events for tests, and their records as the contract has them.</summary>
public static class TestEvents
{
    private static readonly Address Address = new("1 rue de la Paix", "Orléans", "45000", "FR");
    private static int _orders;

    /// <summary>When the events of tests happen, unless told otherwise.</summary>
    public static readonly DateTimeOffset At = new DateTimeOffset(2026, 1, 31, 12, 0, 30, TimeSpan.Zero).AddTicks(1_234_560);

    /// <summary>An order of one line.</summary>
    public static OrderCreated OrderCreated(Guid order, Guid? customer = null, decimal total = 16.90m, DateTimeOffset? at = null) => new(
        order,
        string.Create(CultureInfo.InvariantCulture, $"ORD-TEST-{Interlocked.Increment(ref _orders):000000}"),
        customer ?? Guid.CreateVersion7(),
        [Line("SKU-1", 2, 5m)],
        Address,
        Address,
        total - 6.90m,
        2.00m,
        4.90m,
        total,
        OrderStatus.Pending,
        at ?? At);

    /// <summary>A line of an order.</summary>
    public static OrderItem Line(string sku, int quantity, decimal price, Guid? product = null) =>
        new(product ?? Guid.CreateVersion7(), sku, "Café crème ☕", quantity, price, quantity * price);

    /// <summary>The payment of an order.</summary>
    public static PaymentReceived Paid(Guid order) => new(order, 16.90m, "card", "ref", At.AddMinutes(1));

    /// <summary>The shipping of an order.</summary>
    public static OrderShipped Shipped(Guid order) => new(order, "DHL", "T-1", At.AddMinutes(2));

    /// <summary>The delivery of an order.</summary>
    public static OrderDelivered Delivered(Guid order) => new(order, At.AddMinutes(3));

    /// <summary>A whole order: created, paid, shipped, delivered; versions 1 to 4.</summary>
    public static DomainEvent[] Order(Guid order, Guid? customer = null) => [OrderCreated(order, customer), Paid(order), Shipped(order), Delivered(order)];

    /// <summary>The record of an event.</summary>
    public static Message<byte[]?, byte[]?> Record(DomainEvent domainEvent, int version, string? traceParent = null, byte[]? payload = null) => new()
    {
        Key = Encoding.UTF8.GetBytes(domainEvent.AggregateId.ToString()),
        Value = payload ?? Encoding.UTF8.GetBytes(EventJson.Write(domainEvent)),
        Headers =
        [
            new Header(EventHeaders.Id, Encoding.UTF8.GetBytes(Guid.CreateVersion7().ToString())),
            new Header(EventHeaders.EventType, Encoding.UTF8.GetBytes(domainEvent.EventType)),
            new Header(EventHeaders.AggregateType, Encoding.UTF8.GetBytes(domainEvent.AggregateType)),
            new Header(EventHeaders.AggregateVersion, Encoding.UTF8.GetBytes(version.ToString(CultureInfo.InvariantCulture))),
            new Header(EventHeaders.CorrelationId, null),
            new Header(EventHeaders.CausationId, null),
            new Header(EventHeaders.Source, "test"u8.ToArray()),
            new Header(EventHeaders.TraceParent, traceParent is null ? null : Encoding.UTF8.GetBytes(traceParent)),
            new Header(EventHeaders.TraceState, null),
        ],
    };
}
