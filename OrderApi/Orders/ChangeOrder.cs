using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.Http;
using EventDriven.OrderApi.Products;
using EventDriven.ServiceDefaults.Outbox;
using MySqlConnector;
using static EventDriven.OrderApi.Orders.OrderCommand;

namespace EventDriven.OrderApi.Orders;

/// <summary>Carries out a command on an order that exists: lock it, and then the products whose stock moves; decide; write.</summary>
internal static class ChangeOrder
{
    public static CommandWork With(Guid orderId, OrderCommand command) => (tx, precondition, cancellation) =>
        ExecuteAsync(tx, orderId, command, precondition, cancellation);

    private static async Task<CommandAnswer> ExecuteAsync(
        OutboxTransaction tx, Guid orderId, OrderCommand command, Precondition precondition, CancellationToken cancellationToken)
    {
        Order? order;
        Dictionary<Guid, Product> products = [];
        MySqlBatchCommand[] locks = command switch
        {
            AddItem add => [ProductTable.Lock([add.ProductId])],
            RemoveItem remove => [ProductTable.Lock([remove.ProductId])],
            Cancel => [ProductTable.LockOfOrder(orderId)],
            _ => [],
        };
        await using (var reader = await tx.ReadAsync(cancellationToken, [OrderTable.Lock(orderId), OrderTable.Lines(orderId), .. locks]))
        {
            order = await OrderTable.ReadAsync(reader, cancellationToken);
            if (locks.Length > 0)
            {
                await reader.NextResultAsync(cancellationToken);
                products = await ProductTable.ReadAsync(reader, cancellationToken);
            }
        }

        if (order is null)
        {
            return CommandAnswer.Refused(Problem.NotFound("order", orderId));
        }

        if (precondition.Check(order.Version) is { } mismatch)
        {
            return CommandAnswer.Refused(mismatch);
        }

        var decision = OrderRules.Decide(order, command, products, tx.Now);
        if (decision.Event is not { } domainEvent)
        {
            return CommandAnswer.Refused(decision.Refusal!);
        }

        var changed = order.Apply(domainEvent);
        OrderTable.Update(tx, changed, domainEvent);
        tx.Publish(domainEvent, changed.Version);
        foreach (var adjusted in decision.Stock)
        {
            ProductTable.Adjust(tx, products[adjusted.ProductId], adjusted);
        }

        return CommandAnswer.Done(OrderAnswer.Of(changed), OrderApiJson.Relaxed.OrderAnswer, changed.Version);
    }
}
