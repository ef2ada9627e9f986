using EventDriven.Contracts;
using EventDriven.OrderApi.Http;
using EventDriven.OrderApi.Products;
using static EventDriven.OrderApi.Orders.OrderCommand;

namespace EventDriven.OrderApi.Orders;

/// <summary>The rules of orders, without any I/O: from what is and what is wanted to what happens.</summary>
internal static class OrderRules
{
    public const int MostLines = 100;
    public const int MostPieces = 1000;

    /// <summary>A new order. The products hold all that <paramref name="lines"/> names.</summary>
    public static Decision Create(
        Guid orderId, string orderNumber, Guid customerId, IReadOnlyList<AddItem> lines, Address shipping, Address billing,
        IReadOnlyDictionary<Guid, Product> products, DateTimeOffset now)
    {
        var shortages = lines
            .Select(line => new Shortage(line.ProductId, line.Quantity, products[line.ProductId].StockQuantity))
            .Where(line => line.Requested > line.Available)
            .ToList();
        if (shortages.Count > 0)
        {
            return Decision.Refuse(Problem.OutOfStock(shortages));
        }

        var items = lines.Select(line => products[line.ProductId].Line(line.Quantity)).ToList();
        var amounts = Pricing.Of(items);
        return Decision.Accept(
            new OrderCreated(
                orderId, orderNumber, customerId, items, shipping, billing,
                amounts.Subtotal, amounts.TaxAmount, amounts.ShippingAmount, amounts.TotalAmount, OrderStatus.Pending, now),
            lines.Select(line => products[line.ProductId].Reserve(line.Quantity, orderId, now)));
    }

    /// <summary>What follows from a command. The products hold those whose stock the command moves, as far as they exist.</summary>
    public static Decision Decide(Order order, OrderCommand command, IReadOnlyDictionary<Guid, Product> products, DateTimeOffset now)
    {
        var allowed = OrderSteps.AllowedIn(order.Status);
        if (!allowed.Contains(command.Step, StringComparer.Ordinal))
        {
            return Decision.Refuse(Problem.IllegalStep(command.Step, Name(order.Status), allowed));
        }

        return command switch
        {
            AddItem add => Add(order, add, products, now),
            RemoveItem remove => Remove(order, remove, products, now),
            ReceivePayment pay => Pay(order, pay, now),
            Ship ship => Decision.Accept(new OrderShipped(order.OrderId, ship.Carrier, ship.TrackingNumber, now)),
            Deliver => Decision.Accept(new OrderDelivered(order.OrderId, now)),
            Cancel cancel => Decision.Accept(
                new OrderCancelled(order.OrderId, cancel.Reason, order.Status == OrderStatus.Paid ? order.Amounts.TotalAmount : 0m, now),
                order.Items.Select(item => products[item.ProductId].Release(item.Quantity, order.OrderId, now))),
            _ => throw new InvalidOperationException($"No rule for {command}."),
        };
    }

    /// <summary>A state's name on the wire and in tables.</summary>
    public static string Name(OrderStatus status) => status switch
    {
        OrderStatus.Pending => "pending",
        OrderStatus.Paid => "paid",
        OrderStatus.Shipped => "shipped",
        OrderStatus.Delivered => "delivered",
        OrderStatus.Cancelled => "cancelled",
        _ => throw new InvalidOperationException($"No name for {status}."),
    };

    private static Decision Add(Order order, AddItem add, IReadOnlyDictionary<Guid, Product> products, DateTimeOffset now)
    {
        if (!products.TryGetValue(add.ProductId, out var product))
        {
            return Decision.Refuse(Problem.Invalid("productId", "names no product", 422));
        }

        if (order.Items.Any(item => item.ProductId == add.ProductId))
        {
            return Decision.Refuse(Problem.Conflict(
                "duplicate-line", "The order has a line for this product", "A product has one line in an order; remove it first to change its quantity."));
        }

        if (order.Items.Count >= MostLines)
        {
            return Decision.Refuse(Problem.Conflict("too-many-lines", "The order is full", $"An order has at most {MostLines} lines."));
        }

        if (add.Quantity > product.StockQuantity)
        {
            return Decision.Refuse(Problem.OutOfStock([new(add.ProductId, add.Quantity, product.StockQuantity)]));
        }

        var item = product.Line(add.Quantity);
        return Decision.Accept(
            new OrderItemAdded(order.OrderId, item, Pricing.Of([.. order.Items, item]), now),
            product.Reserve(add.Quantity, order.OrderId, now));
    }

    private static Decision Remove(Order order, RemoveItem remove, IReadOnlyDictionary<Guid, Product> products, DateTimeOffset now)
    {
        var item = order.Items.FirstOrDefault(item => item.ProductId == remove.ProductId);
        if (item is null)
        {
            return Decision.Refuse(Problem.NotFound("line for product", remove.ProductId));
        }

        if (order.Items.Count == 1)
        {
            return Decision.Refuse(Problem.Conflict("last-line", "It is the order's last line", "An order has at least one line; cancel the order instead."));
        }

        var rest = order.Items.Where(other => other != item).ToList();
        return Decision.Accept(
            new OrderItemRemoved(order.OrderId, item, Pricing.Of(rest), now),
            products[item.ProductId].Release(item.Quantity, order.OrderId, now));
    }

    private static Decision Pay(Order order, ReceivePayment pay, DateTimeOffset now) => pay.Amount == order.Amounts.TotalAmount
        ? Decision.Accept(new PaymentReceived(order.OrderId, pay.Amount, pay.Method, pay.Reference, now))
        : Decision.Refuse(Problem.Invalid(
            "amount", FormattableString.Invariant($"must be the order's total, {order.Amounts.TotalAmount:0.00}"), 422));
}
