using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;

namespace EventDriven.ProjectionWorker.Orders;

/// <summary>A row of <c>orders_projection</c>, without the customer's name and address.</summary>
internal sealed record OrderRow
{
    public required Guid OrderId { get; init; }
    public required string OrderNumber { get; init; }
    public required Guid CustomerId { get; init; }
    public required string Status { get; init; }
    public required string PaymentStatus { get; init; }
    public required string FulfillmentStatus { get; init; }
    public required OrderAmounts Amounts { get; init; }
    public required IReadOnlyList<OrderItem> Items { get; init; }
    public required Address ShippingAddress { get; init; }
    public required Address BillingAddress { get; init; }
    public required DateTime OrderedAt { get; init; }
    public DateTime? PaidAt { get; init; }
    public DateTime? ShippedAt { get; init; }
    public DateTime? DeliveredAt { get; init; }
    public DateTime? CancelledAt { get; init; }
    public string? Carrier { get; init; }
    public string? TrackingNumber { get; init; }
    public string? CancelReason { get; init; }
    public decimal? RefundDue { get; init; }
    public required int Version { get; init; }
    public required Guid LastEventId { get; init; }
    public required string LastEventType { get; init; }

    /// <summary>The row after an event.</summary>
    /// <exception cref="PoisonEventException">An order's first event is not its creation, or a removed line is not there.</exception>
    public static OrderRow Apply(OrderRow? row, IncomingEvent incoming)
    {
        var next = (row, incoming.Event) switch
        {
            (_, OrderCreated e) => Created(e, incoming),
            (null, _) => throw new PoisonEventException(incoming, $"{incoming.Event.EventType} of an order that was never created"),
            (_, OrderItemAdded e) => row with { Items = [.. row.Items, e.Item], Amounts = e.Amounts },
            (_, OrderItemRemoved e) => row with { Items = Without(row.Items, e, incoming), Amounts = e.Amounts },
            (_, PaymentReceived e) => row with { Status = WireNames.Of(OrderStatus.Paid), PaymentStatus = "paid", PaidAt = e.PaidAt.UtcDateTime },
            (_, OrderShipped e) => row with
            {
                Status = WireNames.Of(OrderStatus.Shipped),
                FulfillmentStatus = "shipped",
                Carrier = e.Carrier,
                TrackingNumber = e.TrackingNumber,
                ShippedAt = e.ShippedAt.UtcDateTime,
            },
            (_, OrderDelivered e) => row with { Status = WireNames.Of(OrderStatus.Delivered), FulfillmentStatus = "fulfilled", DeliveredAt = e.DeliveredAt.UtcDateTime },
            (_, OrderCancelled e) => row with
            {
                Status = WireNames.Of(OrderStatus.Cancelled),
                PaymentStatus = e.RefundDue > 0 ? "refundDue" : row.PaymentStatus,
                CancelReason = e.Reason,
                RefundDue = e.RefundDue,
                CancelledAt = e.CancelledAt.UtcDateTime,
            },
            _ => row,
        };
        return next with { Version = incoming.Version, LastEventId = incoming.EventId, LastEventType = incoming.Event.EventType };
    }

    private static OrderRow Created(OrderCreated e, IncomingEvent incoming) => new()
    {
        OrderId = e.OrderId,
        OrderNumber = e.OrderNumber,
        CustomerId = e.CustomerId,
        Status = WireNames.Of(e.Status),
        PaymentStatus = "pending",
        FulfillmentStatus = "unfulfilled",
        Amounts = new(e.Subtotal, e.TaxAmount, e.ShippingAmount, e.TotalAmount),
        Items = e.Items,
        ShippingAddress = e.ShippingAddress,
        BillingAddress = e.BillingAddress,
        OrderedAt = e.CreatedAt.UtcDateTime,
        Version = incoming.Version,
        LastEventId = incoming.EventId,
        LastEventType = e.EventType,
    };

    private static IReadOnlyList<OrderItem> Without(IReadOnlyList<OrderItem> items, OrderItemRemoved e, IncomingEvent incoming)
    {
        var gone = items.FirstOrDefault(item => item.ProductId == e.Item.ProductId)
            ?? throw new PoisonEventException(incoming, $"the order has no line of product {e.Item.ProductId}");
        return [.. items.Where(item => !ReferenceEquals(item, gone))];
    }
}
