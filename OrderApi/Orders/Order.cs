using EventDriven.Contracts;

namespace EventDriven.OrderApi.Orders;

/// <summary>An order: what all its events so far add up to.</summary>
internal sealed record Order(
    Guid OrderId,
    string OrderNumber,
    Guid CustomerId,
    OrderStatus Status,
    IReadOnlyList<OrderItem> Items,
    Address ShippingAddress,
    Address BillingAddress,
    OrderAmounts Amounts,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version)
{
    public string? PaymentMethod { get; init; }

    public string? PaymentReference { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    public string? Carrier { get; init; }

    public string? TrackingNumber { get; init; }

    public DateTimeOffset? ShippedAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public string? CancelReason { get; init; }

    public decimal RefundDue { get; init; }

    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>The order that an OrderCreated begins.</summary>
    public static Order From(OrderCreated e) => new(
        e.OrderId, e.OrderNumber, e.CustomerId, e.Status, e.Items, e.ShippingAddress, e.BillingAddress,
        new(e.Subtotal, e.TaxAmount, e.ShippingAmount, e.TotalAmount), e.CreatedAt, e.CreatedAt, Version: 1);

    /// <summary>The order after a later event.</summary>
    /// <exception cref="InvalidOperationException">The event cannot follow.</exception>
    public Order Apply(OrderEvent domainEvent) => (domainEvent switch
    {
        OrderItemAdded e => this with { Items = [.. Items, e.Item], Amounts = e.Amounts, UpdatedAt = e.AddedAt },
        OrderItemRemoved e => this with { Items = [.. Items.Where(item => item.ProductId != e.Item.ProductId)], Amounts = e.Amounts, UpdatedAt = e.RemovedAt },
        PaymentReceived e => this with
        {
            Status = OrderStatus.Paid,
            PaymentMethod = e.Method,
            PaymentReference = e.Reference,
            PaidAt = e.PaidAt,
            UpdatedAt = e.PaidAt,
        },
        OrderShipped e => this with
        {
            Status = OrderStatus.Shipped,
            Carrier = e.Carrier,
            TrackingNumber = e.TrackingNumber,
            ShippedAt = e.ShippedAt,
            UpdatedAt = e.ShippedAt,
        },
        OrderDelivered e => this with { Status = OrderStatus.Delivered, DeliveredAt = e.DeliveredAt, UpdatedAt = e.DeliveredAt },
        OrderCancelled e => this with
        {
            Status = OrderStatus.Cancelled,
            CancelReason = e.Reason,
            RefundDue = e.RefundDue,
            CancelledAt = e.CancelledAt,
            UpdatedAt = e.CancelledAt,
        },
        _ => throw new InvalidOperationException($"{domainEvent.EventType} cannot follow on version {Version} of an order."),
    }) with
    { Version = Version + 1 };
}
