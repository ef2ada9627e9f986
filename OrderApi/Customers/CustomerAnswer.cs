using EventDriven.Contracts;

namespace EventDriven.OrderApi.Customers;

/// <summary>A customer as a command answers it: from the write side, at once.</summary>
internal sealed record CustomerAnswer(
    Guid CustomerId,
    string FirstName,
    string LastName,
    string Email,
    CustomerTier Tier,
    int Version,
    DateTimeOffset RegisteredAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, string> Links)
{
    public static CustomerAnswer Of(Customer customer) => new(
        customer.CustomerId, customer.FirstName, customer.LastName, customer.Email, customer.Tier, customer.Version, customer.RegisteredAt,
        customer.UpdatedAt, LinksOf(customer.CustomerId));

    public static string Self(Guid customerId) => $"/customers/{customerId}";

    public static IReadOnlyDictionary<string, string> LinksOf(Guid customerId) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["self"] = Self(customerId),
        ["orders"] = $"/orders?customerId={customerId}",
    };
}
