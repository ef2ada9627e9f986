using System.Text.Json.Serialization;

namespace EventDriven.Contracts;

/// <summary>An event of a product and its stock.</summary>
/// <param name="ProductId">The product.</param>
public abstract record InventoryEvent([property: JsonPropertyOrder(-1)] Guid ProductId) : DomainEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string AggregateType => AggregateTypes.Inventory;

    /// <inheritdoc/>
    [JsonIgnore]
    public override Guid AggregateId => ProductId;
}
