namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Waiting times between attempts: doubled each time up to a limit, with jitter so that replicas do not come back in step.</summary>
public static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>The wait after the given number of failures in a row (1 or more): between half and all of min(50 ms · 2^(n-1), 5 s).</summary>
    public static TimeSpan After(int failures)
    {
        var full = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 20)), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
