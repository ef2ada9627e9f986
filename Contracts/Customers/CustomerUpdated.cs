namespace EventDriven.Contracts;

/// <summary>A customer's data changed; all of them are given as they stand now.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="FirstName">First name.</param>
/// <param name="LastName">Last name.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Tier">Tier.</param>
/// <param name="UpdatedAt">When.</param>
public sealed record CustomerUpdated(
    Guid CustomerId, string FirstName, string LastName, string Email, CustomerTier Tier, DateTimeOffset UpdatedAt) : CustomerEvent(CustomerId);
