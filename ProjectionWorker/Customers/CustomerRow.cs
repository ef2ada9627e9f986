using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;

namespace EventDriven.ProjectionWorker.Customers;

/// <summary>A row of <c>customers_projection</c>.</summary>
internal sealed record CustomerRow
{
    public required Guid CustomerId { get; init; }
    public required string FirstName { get; init; }
    public required string LastName { get; init; }
    public required string Email { get; init; }
    public required CustomerTier Tier { get; init; }

    /// <summary>Null where it is not known from this batch.</summary>
    public DateTime? RegisteredAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
    public required int Version { get; init; }

    /// <summary>The row after an event, or null for an event that says nothing about it.</summary>
    public static CustomerRow? Apply(CustomerRow? row, IncomingEvent incoming) => incoming.Event switch
    {
        CustomerRegistered e => new()
        {
            CustomerId = e.CustomerId,
            FirstName = e.FirstName,
            LastName = e.LastName,
            Email = e.Email,
            Tier = e.Tier,
            RegisteredAt = e.RegisteredAt.UtcDateTime,
            UpdatedAt = e.RegisteredAt.UtcDateTime,
            Version = incoming.Version,
        },
        CustomerUpdated e => new()
        {
            CustomerId = e.CustomerId,
            FirstName = e.FirstName,
            LastName = e.LastName,
            Email = e.Email,
            Tier = e.Tier,
            RegisteredAt = row?.RegisteredAt,
            UpdatedAt = e.UpdatedAt.UtcDateTime,
            Version = incoming.Version,
        },
        _ => row,
    };
}
