using System.ComponentModel.DataAnnotations;

namespace EventDriven.OutboxRelay;

/// <summary>How the relay works. Bound from the section <c>Relay</c>.</summary>
public sealed class RelayOptions
{
    /// <summary>How long the shards of a relay that died stay with it. It renews three times as often.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Rows read and sent at a time, about.</summary>
    [Range(1, 100_000)]
    public int BatchSize { get; set; } = 2000;

    /// <summary>The shortest wait between two looks that find nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan IdleFrom { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest wait between two looks.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan IdleTo { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often depth and oldest age of the outbox are looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan MonitorEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Readiness is lost when the oldest unsent row is older than this.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UnsentLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long to wait before the next look. A fourth of the time without work, within <see cref="IdleFrom"/> and <see cref="IdleTo"/>: events that come
    /// steadily are found soon, whatever their rate, and an idle system costs next to nothing.
    /// </summary>
    /// <param name="idle">How long there has been no work.</param>
    public TimeSpan IdlePause(TimeSpan idle)
    {
        var pause = idle / 4;
        return pause < IdleFrom ? IdleFrom : pause > IdleTo ? IdleTo : pause;
    }
}
