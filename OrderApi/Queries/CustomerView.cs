using EventDriven.Contracts;
using EventDriven.OrderApi.Customers;
using MySqlConnector;

namespace EventDriven.OrderApi.Queries;

/// <summary>A customer as the projection worker keeps it.</summary>
internal sealed record CustomerView(
    Guid CustomerId,
    string FirstName,
    string LastName,
    string Email,
    CustomerTier Tier,
    DateTimeOffset RegisteredAt,
    DateTimeOffset UpdatedAt,
    int Version,
    IReadOnlyDictionary<string, string> Links)
{
    // A row of version 0 stands for a customer of whom only an order is known yet.
    public const string Select =
        """
        SELECT customer_id, first_name, last_name, email, tier, registered_at, updated_at, version FROM customers_projection
        WHERE customer_id = @id AND version > 0
        """;

    public static CustomerView From(MySqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), Enum.Parse<CustomerTier>(row.GetString(4), ignoreCase: true),
        row.GetInstant(5), row.GetInstant(6), row.GetInt32(7), CustomerAnswer.LinksOf(row.GetGuid(0)));
}
