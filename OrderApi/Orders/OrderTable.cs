using System.Globalization;
using System.Text;
using System.Text.Json;
using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Outbox;
using MySqlConnector;

namespace EventDriven.OrderApi.Orders;

/// <summary>Rows of <c>orders</c> and <c>order_items</c>.</summary>
internal static class OrderTable
{
    /// <summary>Locks an order: commands on it wait here for each other.</summary>
    public static MySqlBatchCommand Lock(Guid orderId) => OutboxTransaction.Statement(
        """
        SELECT order_id, order_number, customer_id, status, shipping_address, billing_address, subtotal, tax_amount, shipping_amount, total_amount,
               created_at, updated_at, version, payment_method, payment_reference, paid_at, carrier, tracking_number, shipped_at, delivered_at,
               cancel_reason, refund_due, cancelled_at
        FROM orders WHERE order_id = @id FOR UPDATE
        """,
        ("@id", orderId));

    /// <summary>The lines of an order, in the order in which they were added.</summary>
    public static MySqlBatchCommand Lines(Guid orderId) => OutboxTransaction.Statement(
        "SELECT product_id, sku, name, quantity, unit_price, line_total FROM order_items WHERE order_id = @id ORDER BY line_no", ("@id", orderId));

    /// <summary>The order from the results of <see cref="Lock"/> and <see cref="Lines"/>, in that order; null where there is none.</summary>
    public static async Task<Order?> ReadAsync(MySqlDataReader reader, CancellationToken cancellationToken)
    {
        var order = await reader.ReadAsync(cancellationToken) ? FromRow(reader) : null;
        await reader.NextResultAsync(cancellationToken);
        var items = new List<OrderItem>();
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetDecimal(4), reader.GetDecimal(5)));
        }

        return order is null ? null : order with { Items = items };
    }

    public static void Insert(OutboxTransaction tx, Order order)
    {
        tx.Write(
            """
            INSERT INTO orders (order_id, order_number, customer_id, status, subtotal, tax_amount, shipping_amount, total_amount,
                shipping_address, billing_address, created_at, updated_at, version)
            VALUES (@id, @number, @customer, @status, @subtotal, @tax, @shipping, @total, @shippingAddress, @billingAddress, @created, @created, @version)
            """,
            ("@id", order.OrderId), ("@number", order.OrderNumber), ("@customer", order.CustomerId), ("@status", OrderRules.Name(order.Status)),
            ("@subtotal", order.Amounts.Subtotal), ("@tax", order.Amounts.TaxAmount), ("@shipping", order.Amounts.ShippingAmount),
            ("@total", order.Amounts.TotalAmount), ("@shippingAddress", JsonSerializer.Serialize(order.ShippingAddress, OrderApiJson.Relaxed.Address)),
            ("@billingAddress", JsonSerializer.Serialize(order.BillingAddress, OrderApiJson.Relaxed.Address)),
            ("@created", order.CreatedAt), ("@version", order.Version));

        var sql = new StringBuilder("INSERT INTO order_items (order_id, product_id, line_no, sku, name, quantity, unit_price, line_total) VALUES ");
        var parameters = new List<(string, object?)> { ("@id", order.OrderId) };
        for (var i = 0; i < order.Items.Count; i++)
        {
            var item = order.Items[i];
            sql.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}(@id,@p{i},{i + 1},@s{i},@n{i},@q{i},@u{i},@t{i})");
            parameters.AddRange([
                ($"@p{i}", item.ProductId), ($"@s{i}", item.Sku), ($"@n{i}", item.Name),
                ($"@q{i}", item.Quantity), ($"@u{i}", item.UnitPrice), ($"@t{i}", item.LineTotal)]);
        }

        tx.Write(sql.ToString(), [.. parameters]);
    }

    /// <summary>Writes what an event changed.</summary>
    public static void Update(OutboxTransaction tx, Order order, OrderEvent domainEvent)
    {
        tx.Write(
            """
            UPDATE orders SET status = @status, subtotal = @subtotal, tax_amount = @tax, shipping_amount = @shipping, total_amount = @total,
                payment_method = @method, payment_reference = @reference, paid_at = @paid, carrier = @carrier, tracking_number = @tracking,
                shipped_at = @shipped, delivered_at = @delivered, cancel_reason = @reason, refund_due = @refund, cancelled_at = @cancelled,
                updated_at = @updated, version = @version
            WHERE order_id = @id
            """,
            ("@status", OrderRules.Name(order.Status)), ("@subtotal", order.Amounts.Subtotal), ("@tax", order.Amounts.TaxAmount),
            ("@shipping", order.Amounts.ShippingAmount), ("@total", order.Amounts.TotalAmount), ("@method", order.PaymentMethod),
            ("@reference", order.PaymentReference), ("@paid", order.PaidAt), ("@carrier", order.Carrier), ("@tracking", order.TrackingNumber),
            ("@shipped", order.ShippedAt), ("@delivered", order.DeliveredAt), ("@reason", order.CancelReason), ("@refund", order.RefundDue),
            ("@cancelled", order.CancelledAt), ("@updated", order.UpdatedAt), ("@version", order.Version), ("@id", order.OrderId));
        if (domainEvent is OrderItemAdded { Item: var item })
        {
            tx.Write(
                """
                INSERT INTO order_items (order_id, product_id, line_no, sku, name, quantity, unit_price, line_total)
                SELECT @id, @product, MAX(line_no) + 1, @sku, @name, @quantity, @price, @total FROM order_items WHERE order_id = @id
                """,
                ("@id", order.OrderId), ("@product", item.ProductId), ("@sku", item.Sku), ("@name", item.Name),
                ("@quantity", item.Quantity), ("@price", item.UnitPrice), ("@total", item.LineTotal));
        }
        else if (domainEvent is OrderItemRemoved removed)
        {
            tx.Write(
                "DELETE FROM order_items WHERE order_id = @id AND product_id = @product", ("@id", order.OrderId), ("@product", removed.Item.ProductId));
        }
    }

    private static Order FromRow(MySqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetGuid(2), Enum.Parse<OrderStatus>(row.GetString(3), ignoreCase: true), [],
        JsonSerializer.Deserialize(row.GetString(4), OrderApiJson.Relaxed.Address)!,
        JsonSerializer.Deserialize(row.GetString(5), OrderApiJson.Relaxed.Address)!,
        new(row.GetDecimal(6), row.GetDecimal(7), row.GetDecimal(8), row.GetDecimal(9)), row.GetInstant(10), row.GetInstant(11), row.GetInt32(12))
    {
        PaymentMethod = row.GetStringOrNull(13),
        PaymentReference = row.GetStringOrNull(14),
        PaidAt = row.GetInstantOrNull(15),
        Carrier = row.GetStringOrNull(16),
        TrackingNumber = row.GetStringOrNull(17),
        ShippedAt = row.GetInstantOrNull(18),
        DeliveredAt = row.GetInstantOrNull(19),
        CancelReason = row.GetStringOrNull(20),
        RefundDue = row.GetDecimal(21),
        CancelledAt = row.GetInstantOrNull(22),
    };
}
