namespace EventDriven.Contracts;

/// <summary>The amounts of an order after a change of its items.</summary>
/// <param name="Subtotal">Sum of the line totals.</param>
/// <param name="TaxAmount">Tax.</param>
/// <param name="ShippingAmount">Shipping.</param>
/// <param name="TotalAmount">Subtotal + tax + shipping.</param>
public sealed record OrderAmounts(decimal Subtotal, decimal TaxAmount, decimal ShippingAmount, decimal TotalAmount);
