using EventDriven.Contracts;

namespace EventDriven.OrderApi.Customers;

/// <summary>A customer: what all its events so far add up to.</summary>
internal sealed record Customer(
    Guid CustomerId, string FirstName, string LastName, string Email, CustomerTier Tier, DateTimeOffset RegisteredAt, DateTimeOffset UpdatedAt, int Version)
{
    public static Customer From(CustomerRegistered e) =>
        new(e.CustomerId, e.FirstName, e.LastName, e.Email, e.Tier, e.RegisteredAt, e.RegisteredAt, Version: 1);

    public Customer Apply(CustomerUpdated e) => this with
    {
        FirstName = e.FirstName,
        LastName = e.LastName,
        Email = e.Email,
        Tier = e.Tier,
        UpdatedAt = e.UpdatedAt,
        Version = Version + 1,
    };
}
