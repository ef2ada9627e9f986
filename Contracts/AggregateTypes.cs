namespace EventDriven.Contracts;

/// <summary>The kinds of aggregates, in kebab-case as they stand in the outbox and in topic names.</summary>
public static class AggregateTypes
{
    /// <summary>An order with its items and payment.</summary>
    public const string Order = "order";

    /// <summary>A customer.</summary>
    public const string Customer = "customer";

    /// <summary>A product and its stock.</summary>
    public const string Inventory = "inventory";

    /// <summary>All of them; the outbox refuses any other.</summary>
    public static readonly IReadOnlyList<string> All = [Order, Customer, Inventory];
}
