using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventDriven.Contracts;
using EventDriven.ProjectionWorker.Customers;
using EventDriven.ServiceDefaults.MariaDb;
using EventDriven.ServiceDefaults.Messaging;
using MySqlConnector;

namespace EventDriven.ProjectionWorker.Orders;

/// <summary>Writes <c>orders_projection</c>.</summary>
internal static class OrdersTable
{
    private const string Columns =
        "order_id, order_number, customer_id, status, payment_status, fulfillment_status, subtotal, tax_amount, shipping_amount, total_amount, items, items_count, "
        + "shipping_address, billing_address, ordered_at, paid_at, shipped_at, delivered_at, cancelled_at, carrier, tracking_number, cancel_reason, refund_due, "
        + "version, last_event_id, last_event_type";

    // What an event can change. The customer's name is not among them: whoever brings the customer writes it.
    private static readonly string Changes = string.Join(
        ", ",
        Columns.Split(", ").Append("projected_at").Where(column => column is not ("order_id" or "customer_id")).Select(column => $"{column} = VALUES({column})"));

    private static readonly EventJsonContext Json = new(new JsonSerializerOptions(EventJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private static readonly JsonTypeInfo<IReadOnlyList<OrderItem>> ItemsShape = (JsonTypeInfo<IReadOnlyList<OrderItem>>)Json.GetTypeInfo(typeof(IReadOnlyList<OrderItem>))!;
    private static readonly JsonTypeInfo<Address> AddressShape = (JsonTypeInfo<Address>)Json.GetTypeInfo(typeof(Address))!;

    public static async Task ApplyAsync(IReadOnlyList<IncomingEvent> events, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        var mine = events.Where(incoming => incoming.Event is OrderEvent).ToList();
        if (mine.Count == 0)
        {
            return;
        }

        var created = mine.Select(incoming => incoming.Event).OfType<OrderCreated>().ToList();
        var customers = created.Count == 0
            ? new Dictionary<Guid, (string? Name, string? Email)>()
            : await CustomersTable.LockAsync([.. created.Select(order => order.CustomerId).Distinct()], transaction, cancellationToken);
        var fresh = created.Select(order => order.OrderId).ToHashSet();
        var rows = await ReadAsync([.. mine.Select(incoming => incoming.Aggregate.Id).Where(id => !fresh.Contains(id)).Distinct()], transaction, cancellationToken);
        foreach (var incoming in mine)
        {
            rows[incoming.Aggregate.Id] = OrderRow.Apply(rows.GetValueOrDefault(incoming.Aggregate.Id), incoming);
        }

        var now = DateTime.UtcNow;
        await new SqlBuilder().Sql($"INSERT INTO orders_projection ({Columns}, projected_at, customer_name, customer_email) VALUES ")
            .Rows(rows.Values.OrderBy(row => row.OrderId), row => Values(row, now, customers.GetValueOrDefault(row.CustomerId)))
            .Sql(" ON DUPLICATE KEY UPDATE ").Sql(Changes)
            .ExecuteAsync(transaction, cancellationToken);
    }

    private static object?[] Values(OrderRow row, DateTime now, (string? Name, string? Email) customer) =>
    [
        row.OrderId, row.OrderNumber, row.CustomerId, row.Status, row.PaymentStatus, row.FulfillmentStatus,
        row.Amounts.Subtotal, row.Amounts.TaxAmount, row.Amounts.ShippingAmount, row.Amounts.TotalAmount,
        JsonSerializer.Serialize(row.Items, ItemsShape), row.Items.Count,
        JsonSerializer.Serialize(row.ShippingAddress, AddressShape), JsonSerializer.Serialize(row.BillingAddress, AddressShape),
        row.OrderedAt, row.PaidAt, row.ShippedAt, row.DeliveredAt, row.CancelledAt,
        row.Carrier, row.TrackingNumber, row.CancelReason, row.RefundDue,
        row.Version, row.LastEventId, row.LastEventType, now, customer.Name, customer.Email,
    ];

    private static async Task<Dictionary<Guid, OrderRow>> ReadAsync(IReadOnlyCollection<Guid> orders, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        Dictionary<Guid, OrderRow> rows = [];
        if (orders.Count == 0)
        {
            return rows;
        }

        await using var command = new SqlBuilder().Sql($"SELECT {Columns} FROM orders_projection WHERE order_id IN (").List(orders)
            .Sql(") ORDER BY order_id FOR UPDATE").ToCommand(transaction.Connection!, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = Row(reader);
            rows.Add(row.OrderId, row);
        }

        return rows;
    }

    private static OrderRow Row(MySqlDataReader reader) => new()
    {
        OrderId = reader.GetGuid("order_id"),
        OrderNumber = reader.GetString("order_number"),
        CustomerId = reader.GetGuid("customer_id"),
        Status = reader.GetString("status"),
        PaymentStatus = reader.GetString("payment_status"),
        FulfillmentStatus = reader.GetString("fulfillment_status"),
        Amounts = new(reader.GetDecimal("subtotal"), reader.GetDecimal("tax_amount"), reader.GetDecimal("shipping_amount"), reader.GetDecimal("total_amount")),
        Items = JsonSerializer.Deserialize(reader.GetString("items"), ItemsShape)!,
        ShippingAddress = JsonSerializer.Deserialize(reader.GetString("shipping_address"), AddressShape)!,
        BillingAddress = JsonSerializer.Deserialize(reader.GetString("billing_address"), AddressShape)!,
        OrderedAt = reader.GetDateTime("ordered_at"),
        PaidAt = Time(reader, "paid_at"),
        ShippedAt = Time(reader, "shipped_at"),
        DeliveredAt = Time(reader, "delivered_at"),
        CancelledAt = Time(reader, "cancelled_at"),
        Carrier = Text(reader, "carrier"),
        TrackingNumber = Text(reader, "tracking_number"),
        CancelReason = Text(reader, "cancel_reason"),
        RefundDue = reader.IsDBNull(reader.GetOrdinal("refund_due")) ? null : reader.GetDecimal("refund_due"),
        Version = reader.GetInt32("version"),
        LastEventId = reader.GetGuid("last_event_id"),
        LastEventType = reader.GetString("last_event_type"),
    };

    private static DateTime? Time(MySqlDataReader reader, string column) => reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.GetDateTime(column);

    private static string? Text(MySqlDataReader reader, string column) => reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.GetString(column);
}
