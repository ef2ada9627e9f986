using EventDriven.Contracts;

namespace EventDriven.Contracts.Tests;

/// <summary>One event of each type.</summary>
internal static class Samples
{
    private static readonly Guid Id = Guid.Parse("01935f00-0000-7000-8000-000000000001");
    private static readonly Guid Product = Guid.Parse("01935f00-0000-7000-8000-000000000002");
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 1, 31, 13, 0, 0, TimeSpan.FromHours(1)).AddTicks(1234567);
    private static readonly Address Address = new("1 rue de la Paix", "Orléans", "45000", "FR");
    private static readonly OrderItem Item = new(Product, "SKU-1", "Café", 2, 5m, 10m);
    private static readonly OrderAmounts Amounts = new(10m, 2m, 4.9m, 16.9m);

    public static readonly OrderCreated OrderCreated = new(
        Id, "ORD-20260131-000001", Id, [Item], Address, Address, 10m, 2m, 4.9m, 16.9m, OrderStatus.Pending, At);

    public static readonly IReadOnlyList<DomainEvent> All =
    [
        OrderCreated,
        new OrderItemAdded(Id, Item, Amounts, At),
        new OrderItemRemoved(Id, Item, Amounts, At),
        new PaymentReceived(Id, 16.9m, "card", "ref", At),
        new OrderShipped(Id, "DHL", "T1", At),
        new OrderDelivered(Id, At),
        new OrderCancelled(Id, "changed my mind", 0m, At),
        new CustomerRegistered(Id, "Ada", "Lovelace", "ada@example.com", CustomerTier.Gold, At),
        new CustomerUpdated(Id, "Ada", "Lovelace", "ada@example.com", CustomerTier.Silver, At),
        new ProductListed(Product, "SKU-1", "Café", 5m, 100, At),
        new ProductUpdated(Product, "SKU-1", "Café", 6m, At),
        new StockAdjusted(Product, -2, 98, "reserved", Id, At),
    ];
}
