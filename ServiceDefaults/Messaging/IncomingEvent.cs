using System.Diagnostics;
using EventDriven.Contracts;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>A domain event as it was read from its topic.</summary>
public sealed record IncomingEvent
{
    /// <summary>The topic the event came from.</summary>
    public required string Topic { get; init; }

    /// <summary>Its partition there.</summary>
    public required int Partition { get; init; }

    /// <summary>Its offset there.</summary>
    public required long Offset { get; init; }

    /// <summary>The event's id.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The aggregate.</summary>
    public required AggregateKey Aggregate { get; init; }

    /// <summary>The aggregate's version after this event.</summary>
    public required int Version { get; init; }

    /// <summary>The event itself.</summary>
    public required DomainEvent Event { get; init; }

    /// <summary>The trace it belongs to; <c>default</c> without one.</summary>
    public ActivityContext TraceParent { get; init; }
}
