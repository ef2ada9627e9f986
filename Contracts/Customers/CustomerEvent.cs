using System.Text.Json.Serialization;

namespace EventDriven.Contracts;

/// <summary>An event of a customer.</summary>
/// <param name="CustomerId">The customer.</param>
public abstract record CustomerEvent([property: JsonPropertyOrder(-1)] Guid CustomerId) : DomainEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string AggregateType => AggregateTypes.Customer;

    /// <inheritdoc/>
    [JsonIgnore]
    public override Guid AggregateId => CustomerId;
}
