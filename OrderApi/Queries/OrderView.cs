using System.Text.Json;
using EventDriven.Contracts;
using EventDriven.OrderApi.Orders;
using MySqlConnector;

namespace EventDriven.OrderApi.Queries;

/// <summary>An order as the projection worker keeps it.</summary>
internal sealed record OrderView(
    Guid OrderId,
    string OrderNumber,
    Guid CustomerId,
    string? CustomerName,
    string? CustomerEmail,
    OrderStatus Status,
    string PaymentStatus,
    string FulfillmentStatus,
    IReadOnlyList<OrderItem> Items,
    int ItemsCount,
    Address ShippingAddress,
    Address BillingAddress,
    decimal Subtotal,
    decimal TaxAmount,
    decimal ShippingAmount,
    decimal TotalAmount,
    DateTimeOffset OrderedAt,
    int Version,
    DateTimeOffset ProjectedAt,
    IReadOnlyDictionary<string, string> Links)
{
    public const string Columns =
        """
        order_id, order_number, customer_id, customer_name, customer_email, status, payment_status, fulfillment_status, items, items_count,
        shipping_address, billing_address, subtotal, tax_amount, shipping_amount, total_amount, ordered_at, version, projected_at,
        paid_at, shipped_at, delivered_at, cancelled_at, carrier, tracking_number, cancel_reason, refund_due
        """;

    public DateTimeOffset? PaidAt { get; init; }

    public DateTimeOffset? ShippedAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public DateTimeOffset? CancelledAt { get; init; }

    public string? Carrier { get; init; }

    public string? TrackingNumber { get; init; }

    public string? CancelReason { get; init; }

    public decimal? RefundDue { get; init; }

    /// <summary>The order of a row of <see cref="Columns"/>.</summary>
    public static OrderView From(MySqlDataReader row)
    {
        var (orderId, customerId, status) = (row.GetGuid(0), row.GetGuid(2), Enum.Parse<OrderStatus>(row.GetString(5), ignoreCase: true));
        return new(
            orderId, row.GetString(1), customerId, row.GetStringOrNull(3), row.GetStringOrNull(4), status, row.GetString(6), row.GetString(7),
            JsonSerializer.Deserialize(row.GetString(8), OrderApiJson.Relaxed.IReadOnlyListOrderItem)!, row.GetInt32(9),
            JsonSerializer.Deserialize(row.GetString(10), OrderApiJson.Relaxed.Address)!,
            JsonSerializer.Deserialize(row.GetString(11), OrderApiJson.Relaxed.Address)!,
            row.GetDecimal(12), row.GetDecimal(13), row.GetDecimal(14), row.GetDecimal(15), row.GetInstant(16), row.GetInt32(17), row.GetInstant(18),
            OrderLinks.Of(orderId, customerId, status))
        {
            PaidAt = row.GetInstantOrNull(19),
            ShippedAt = row.GetInstantOrNull(20),
            DeliveredAt = row.GetInstantOrNull(21),
            CancelledAt = row.GetInstantOrNull(22),
            Carrier = row.GetStringOrNull(23),
            TrackingNumber = row.GetStringOrNull(24),
            CancelReason = row.GetStringOrNull(25),
            RefundDue = row.IsDBNull(26) ? null : row.GetDecimal(26),
        };
    }
}
