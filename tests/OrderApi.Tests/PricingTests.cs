using System.Globalization;
using EventDriven.Contracts;
using EventDriven.OrderApi.Orders;

namespace EventDriven.OrderApi.Tests;

public sealed class PricingTests
{
    [Theory]
    [InlineData("10.00", 1, "10.00", "2.00", "4.90", "16.90")]
    [InlineData("0.01", 1, "0.01", "0.00", "4.90", "4.91")]
    [InlineData("0.03", 1, "0.03", "0.01", "4.90", "4.94")] // 0.6 cents of tax
    [InlineData("4.125", 1, "4.125", "0.83", "4.90", "9.855")] // 82.5 cents: half a cent goes up
    [InlineData("99.99", 1, "99.99", "20.00", "4.90", "124.89")]
    [InlineData("50.00", 2, "100.00", "20.00", "0.00", "120.00")]
    public void Tax_is_rounded_once_and_shipping_is_free_from_100_on(string price, int quantity, string subtotal, string tax, string shipping, string total)
    {
        var unit = Amount(price);
        Assert.Equal(
            new OrderAmounts(Amount(subtotal), Amount(tax), Amount(shipping), Amount(total)),
            Pricing.Of([new OrderItem(Guid.Empty, "S", "n", quantity, unit, unit * quantity)]));
    }

    [Fact]
    public void Order_numbers_have_the_day_and_at_least_six_digits()
    {
        var now = new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero);
        Assert.Equal("ORD-20260131-000042", CreateOrder.OrderNumber(now, 42));
        Assert.Equal("ORD-20260131-12345678", CreateOrder.OrderNumber(now, 12_345_678));
    }

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
