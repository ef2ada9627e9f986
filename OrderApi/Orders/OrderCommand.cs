namespace EventDriven.OrderApi.Orders;

/// <summary>Something a client wants of an order that exists.</summary>
/// <param name="Step">Its name in problems and links.</param>
internal abstract record OrderCommand(string Step)
{
    internal sealed record AddItem(Guid ProductId, int Quantity) : OrderCommand(OrderSteps.AddItem);

    internal sealed record RemoveItem(Guid ProductId) : OrderCommand(OrderSteps.RemoveItem);

    internal sealed record ReceivePayment(decimal Amount, string Method, string Reference) : OrderCommand(OrderSteps.Pay);

    internal sealed record Ship(string Carrier, string TrackingNumber) : OrderCommand(OrderSteps.Ship);

    internal sealed record Deliver() : OrderCommand(OrderSteps.Deliver);

    internal sealed record Cancel(string Reason) : OrderCommand(OrderSteps.Cancel);
}
