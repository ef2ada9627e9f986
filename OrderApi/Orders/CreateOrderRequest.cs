namespace EventDriven.OrderApi.Orders;

/// <summary>What a client sends to place an order. Prices are not part of it: they are the products'.</summary>
/// <param name="CustomerId">Who orders.</param>
/// <param name="Items">One to 100 lines, one per product.</param>
/// <param name="ShippingAddress">Where it goes.</param>
/// <param name="BillingAddress">Where the bill goes; the shipping address where it is left out.</param>
internal sealed record CreateOrderRequest(
    string? CustomerId, IReadOnlyList<ItemRequest?>? Items, AddressRequest? ShippingAddress, AddressRequest? BillingAddress = null);
