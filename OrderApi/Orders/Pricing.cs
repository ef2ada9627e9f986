using EventDriven.Contracts;

namespace EventDriven.OrderApi.Orders;

/// <summary>
/// The amounts of an order, exact to the cent. Tax is 20 % of the subtotal, rounded once for the whole order, half a cent away from zero
/// (as MariaDB's ROUND does for DECIMAL). Shipping is 4.90 and free from a subtotal of 100.00 on; it bears no tax.
/// The procedure create_order_with_event has the same rule.
/// </summary>
internal static class Pricing
{
    public const decimal TaxRate = 0.20m;
    public const decimal Shipping = 4.90m;
    public const decimal FreeShippingFrom = 100.00m;

    public static OrderAmounts Of(IReadOnlyList<OrderItem> items)
    {
        var subtotal = items.Sum(item => item.LineTotal);
        var tax = decimal.Round(subtotal * TaxRate, 2, MidpointRounding.AwayFromZero);
        var shipping = subtotal >= FreeShippingFrom ? 0.00m : Shipping;
        return new(subtotal, tax, shipping, subtotal + tax + shipping);
    }
}
