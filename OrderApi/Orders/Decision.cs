using EventDriven.Contracts;
using EventDriven.OrderApi.Http;

namespace EventDriven.OrderApi.Orders;

/// <summary>What follows from a command: an event of the order and the stock it moves, or a refusal.</summary>
internal sealed record Decision
{
    private Decision()
    {
    }

    public OrderEvent? Event { get; private init; }

    /// <summary>By product id, the order in which product rows are locked.</summary>
    public IReadOnlyList<StockAdjusted> Stock { get; private init; } = [];

    public Problem? Refusal { get; private init; }

    public static Decision Accept(OrderEvent domainEvent, params IEnumerable<StockAdjusted> stock) =>
        new() { Event = domainEvent, Stock = [.. stock.OrderBy(adjusted => adjusted.ProductId)] };

    public static Decision Refuse(Problem problem) => new() { Refusal = problem };
}
