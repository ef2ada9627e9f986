using System.ComponentModel.DataAnnotations;

namespace EventDriven.OrderApi.Http;

/// <summary>Settings of what one client may ask: section <c>Limits</c>.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Requests a second that a client address may send for long; 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>Requests that a client address may send at once after a pause.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 2000;

    /// <summary>How long a request may take before it is given up with 504.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a query with <c>minVersion</c> waits for the projection; shorter than <see cref="RequestTimeout"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ProjectionWait { get; set; } = TimeSpan.FromSeconds(2);
}
