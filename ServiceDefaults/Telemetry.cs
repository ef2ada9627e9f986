using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EventDriven.ServiceDefaults;

/// <summary>The one source of spans and the one meter of the system's own code; every service exports both.</summary>
public static class Telemetry
{
    /// <summary>The name of <see cref="ActivitySource"/> and <see cref="Meter"/>.</summary>
    public const string Name = "EventDriven";

    /// <summary>Spans of the system's own code.</summary>
    public static readonly ActivitySource ActivitySource = new(Name);

    /// <summary>Metrics of the system's own code.</summary>
    public static readonly Meter Meter = new(Name);
}
