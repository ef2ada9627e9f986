using System.Text.Json.Serialization;

namespace EventDriven.Contracts;

/// <summary>An event of an order.</summary>
/// <param name="OrderId">The order.</param>
public abstract record OrderEvent([property: JsonPropertyOrder(-1)] Guid OrderId) : DomainEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string AggregateType => AggregateTypes.Order;

    /// <inheritdoc/>
    [JsonIgnore]
    public override Guid AggregateId => OrderId;
}
