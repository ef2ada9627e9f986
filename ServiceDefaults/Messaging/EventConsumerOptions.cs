using System.ComponentModel.DataAnnotations;
using EventDriven.Contracts;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>What an event consumer reads, where it writes, and how much at a time. Bound from the section <c>Consumer</c>.</summary>
public sealed class EventConsumerOptions
{
    /// <summary>The consumer group; it also names the rows that hold the group's positions.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Group { get; set; } = string.Empty;

    /// <summary>The connection name of the database that the consumer writes to.</summary>
    [Required]
    public string Database { get; set; } = string.Empty;

    /// <summary>The topics it reads.</summary>
    [MinLength(1)]
    public IReadOnlyList<Topic> Topics { get; set; } = [];

    /// <summary>Most records applied in one transaction. Memory is bounded by two such batches plus what the client fetches ahead.</summary>
    [Range(1, 100_000)]
    public int MaxBatch { get; set; } = 1000;

    /// <summary>How often an event whose handler fails, with an error that is neither the database's nor known to be permanent, is tried before it is parked.</summary>
    [Range(1, 100)]
    public int HandlerAttempts { get; set; } = 4;
}
