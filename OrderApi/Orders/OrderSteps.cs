using EventDriven.Contracts;

namespace EventDriven.OrderApi.Orders;

/// <summary>Which steps an order can take in which state: pending → paid → shipped → delivered, cancelled from pending or paid.</summary>
internal static class OrderSteps
{
    public const string AddItem = "add-item";
    public const string RemoveItem = "remove-item";
    public const string Pay = "pay";
    public const string Ship = "ship";
    public const string Deliver = "deliver";
    public const string Cancel = "cancel";

    public static IReadOnlyList<string> AllowedIn(OrderStatus status) => status switch
    {
        OrderStatus.Pending => [AddItem, RemoveItem, Pay, Cancel],
        OrderStatus.Paid => [Ship, Cancel],
        OrderStatus.Shipped => [Deliver],
        _ => [],
    };
}
