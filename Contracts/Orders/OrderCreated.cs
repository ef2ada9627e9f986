namespace EventDriven.Contracts;

/// <summary>An order was placed.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="OrderNumber">Its number for people.</param>
/// <param name="CustomerId">Who placed it.</param>
/// <param name="Items">Its lines, at least one.</param>
/// <param name="ShippingAddress">Where it goes.</param>
/// <param name="BillingAddress">Where the bill goes.</param>
/// <param name="Subtotal">Sum of the line totals.</param>
/// <param name="TaxAmount">Tax.</param>
/// <param name="ShippingAmount">Shipping.</param>
/// <param name="TotalAmount">Subtotal + tax + shipping.</param>
/// <param name="Status">Always <see cref="OrderStatus.Pending"/>.</param>
/// <param name="CreatedAt">When, by the order API's clock.</param>
public sealed record OrderCreated(
    Guid OrderId,
    string OrderNumber,
    Guid CustomerId,
    IReadOnlyList<OrderItem> Items,
    Address ShippingAddress,
    Address BillingAddress,
    decimal Subtotal,
    decimal TaxAmount,
    decimal ShippingAmount,
    decimal TotalAmount,
    OrderStatus Status,
    DateTimeOffset CreatedAt) : OrderEvent(OrderId);
