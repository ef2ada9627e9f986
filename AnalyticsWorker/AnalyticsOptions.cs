using System.ComponentModel.DataAnnotations;

namespace EventDriven.AnalyticsWorker;

/// <summary>How the worker counts. Bound from the section <c>Analytics</c>.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>
    /// How long after its end, in event time, a window still takes orders. Windows are rows that stay anyway, so a long grace costs nothing; an order that
    /// was parked and redriven within it is still counted.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often changed windows are published, at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan PublishEvery { get; set; } = TimeSpan.FromSeconds(1);
}
