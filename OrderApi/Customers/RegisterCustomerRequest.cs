namespace EventDriven.OrderApi.Customers;

/// <summary>A new customer.</summary>
/// <param name="FirstName">First name, at most 100 characters.</param>
/// <param name="LastName">Last name, at most 100 characters.</param>
/// <param name="Email">E-mail address; no two customers share one.</param>
/// <param name="Tier"><c>standard</c> (where it is left out), <c>silver</c> or <c>gold</c>.</param>
internal sealed record RegisterCustomerRequest(string? FirstName, string? LastName, string? Email, string? Tier = "standard");
