using EventDriven.Contracts;

namespace EventDriven.OrderApi.Orders;

/// <summary>Where an order is, and where the steps are that it can take now.</summary>
internal static class OrderLinks
{
    public static string Self(Guid orderId) => $"/orders/{orderId}";

    public static IReadOnlyDictionary<string, string> Of(Guid orderId, Guid customerId, OrderStatus status)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["self"] = Self(orderId),
            ["customer"] = $"/customers/{customerId}",
        };
        foreach (var step in OrderSteps.AllowedIn(status))
        {
            links[step] = Self(orderId) + step switch
            {
                OrderSteps.AddItem => "/items",
                OrderSteps.RemoveItem => "/items/{productId}",
                OrderSteps.Pay => "/payment",
                OrderSteps.Ship => "/shipment",
                OrderSteps.Deliver => "/delivery",
                _ => "/cancellation",
            };
        }

        return links;
    }
}
