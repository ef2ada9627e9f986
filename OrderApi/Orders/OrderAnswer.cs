using EventDriven.Contracts;

namespace EventDriven.OrderApi.Orders;

/// <summary>An order as a command answers it: from the write side, at once.</summary>
internal sealed record OrderAnswer(
    Guid OrderId,
    string OrderNumber,
    Guid CustomerId,
    OrderStatus Status,
    int Version,
    IReadOnlyList<OrderItem> Items,
    Address ShippingAddress,
    Address BillingAddress,
    decimal Subtotal,
    decimal TaxAmount,
    decimal ShippingAmount,
    decimal TotalAmount,
    decimal RefundDue,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, string> Links)
{
    public static OrderAnswer Of(Order order) => new(
        order.OrderId, order.OrderNumber, order.CustomerId, order.Status, order.Version, order.Items, order.ShippingAddress, order.BillingAddress,
        order.Amounts.Subtotal, order.Amounts.TaxAmount, order.Amounts.ShippingAmount, order.Amounts.TotalAmount, order.RefundDue,
        order.CreatedAt, order.UpdatedAt, OrderLinks.Of(order.OrderId, order.CustomerId, order.Status));
}
