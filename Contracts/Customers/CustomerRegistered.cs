namespace EventDriven.Contracts;

/// <summary>A customer registered.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="FirstName">First name.</param>
/// <param name="LastName">Last name.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Tier">Tier.</param>
/// <param name="RegisteredAt">When.</param>
public sealed record CustomerRegistered(
    Guid CustomerId, string FirstName, string LastName, string Email, CustomerTier Tier, DateTimeOffset RegisteredAt) : CustomerEvent(CustomerId);
