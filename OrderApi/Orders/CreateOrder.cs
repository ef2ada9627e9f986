using System.Globalization;
using EventDriven.Contracts;
using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.Http;
using EventDriven.OrderApi.Products;
using EventDriven.ServiceDefaults.Outbox;
using static EventDriven.OrderApi.Orders.OrderCommand;

namespace EventDriven.OrderApi.Orders;

/// <summary>Places an order: two round trips to the database, one that reads and locks, one that writes and commits.</summary>
internal static class CreateOrder
{
    public static CommandWork Prepare(CreateOrderRequest request, Validator validator)
    {
        var customerId = validator.Id(request.CustomerId, "customerId");
        var lines = Lines(request.Items, validator);
        var shipping = AddressRequest.Check(request.ShippingAddress, "shippingAddress", validator);
        var billing = request.BillingAddress is null ? shipping : AddressRequest.Check(request.BillingAddress, "billingAddress", validator);
        return (tx, _, cancellation) => ExecuteAsync(tx, customerId, lines, shipping, billing, cancellation);
    }

    /// <summary>The number for people: the day (UTC) and a number of the database's sequence, which never gives one twice.</summary>
    internal static string OrderNumber(DateTimeOffset now, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"ORD-{now.UtcDateTime:yyyyMMdd}-{sequence:D6}");

    private static List<AddItem> Lines(IReadOnlyList<ItemRequest?>? items, Validator validator)
    {
        if (items is not { Count: >= 1 and <= OrderRules.MostLines })
        {
            validator.Add("items", $"must have 1 to {OrderRules.MostLines} entries");
            return [];
        }

        var lines = new List<AddItem>(items.Count);
        var seen = new HashSet<Guid>();
        for (var i = 0; i < items.Count; i++)
        {
            var line = AddItemOf(items[i], $"items[{i}]", validator);
            if (line.ProductId != Guid.Empty && !seen.Add(line.ProductId))
            {
                validator.Add($"items[{i}].productId", "stands in an earlier line; give each product once");
            }

            lines.Add(line);
        }

        return lines;
    }

    /// <summary>A line from a request.</summary>
    internal static AddItem AddItemOf(ItemRequest? item, string field, Validator validator)
    {
        var prefix = field.Length == 0 ? "" : field + ".";
        return new(
            validator.Id(item?.ProductId, prefix + "productId"), validator.Whole(item?.Quantity, prefix + "quantity", 1, OrderRules.MostPieces));
    }

    private static async Task<CommandAnswer> ExecuteAsync(
        OutboxTransaction tx, Guid customerId, List<AddItem> lines, Address shipping, Address billing, CancellationToken cancellationToken)
    {
        long sequence;
        bool customerIsKnown;
        Dictionary<Guid, Product> products;
        await using (var reader = await tx.ReadAsync(
            cancellationToken,
            OutboxTransaction.Statement(
                "SELECT NEXT VALUE FOR order_numbers, EXISTS (SELECT 1 FROM customers WHERE customer_id = @customer)", ("@customer", customerId)),
            ProductTable.Lock([.. lines.Select(line => line.ProductId)])))
        {
            await reader.ReadAsync(cancellationToken);
            (sequence, customerIsKnown) = (reader.GetInt64(0), reader.GetBoolean(1));
            await reader.NextResultAsync(cancellationToken);
            products = await ProductTable.ReadAsync(reader, cancellationToken);
        }

        if (Unknown(customerIsKnown, lines, products) is { } unknown)
        {
            return CommandAnswer.Refused(unknown);
        }

        var decision = OrderRules.Create(
            NewId.At(tx.Now), OrderNumber(tx.Now, sequence), customerId, lines, shipping, billing, products, tx.Now);
        if (decision.Event is not OrderCreated created)
        {
            return CommandAnswer.Refused(decision.Refusal!);
        }

        var order = Order.From(created);
        OrderTable.Insert(tx, order);
        tx.Publish(created, order.Version);
        foreach (var adjusted in decision.Stock)
        {
            ProductTable.Adjust(tx, products[adjusted.ProductId], adjusted);
        }

        return CommandAnswer.Created(OrderAnswer.Of(order), OrderApiJson.Relaxed.OrderAnswer, OrderLinks.Self(order.OrderId), order.Version);
    }

    private static Problem? Unknown(bool customerIsKnown, List<AddItem> lines, Dictionary<Guid, Product> products)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!customerIsKnown)
        {
            errors["customerId"] = ["names no customer"];
        }

        for (var i = 0; i < lines.Count; i++)
        {
            if (!products.ContainsKey(lines[i].ProductId))
            {
                errors[$"items[{i}].productId"] = ["names no product"];
            }
        }

        return errors.Count == 0 ? null : Problem.Invalid(errors, 422);
    }
}
