namespace EventDriven.OrderApi.Customers;

/// <summary>What changes of a customer; what is left out stays.</summary>
/// <param name="FirstName">First name.</param>
/// <param name="LastName">Last name.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Tier"><c>standard</c>, <c>silver</c> or <c>gold</c>.</param>
internal sealed record UpdateCustomerRequest(string? FirstName = null, string? LastName = null, string? Email = null, string? Tier = null);
