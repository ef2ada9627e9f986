using System.Text.Json.Serialization;

namespace EventDriven.Contracts;

/// <summary>
/// Something that happened to an aggregate. The type's name is the event type on the wire; its members are the payload.
/// Within a version of a type changes are additive only: a new member is optional, none is renamed, removed or given another meaning.
/// </summary>
public abstract record DomainEvent
{
    /// <summary>The event type: the record's name.</summary>
    [JsonIgnore]
    public string EventType => GetType().Name;

    /// <summary>The aggregate's type, one of <see cref="AggregateTypes.All"/>; not part of the payload.</summary>
    [JsonIgnore]
    public abstract string AggregateType { get; }

    /// <summary>The aggregate's id: the record key on the wire; not part of the payload under this name.</summary>
    [JsonIgnore]
    public abstract Guid AggregateId { get; }
}
