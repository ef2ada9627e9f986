using System.Globalization;

namespace EventDriven.SenderBench;

/// <summary>Median and 99th percentile, in ms.</summary>
internal sealed record Latency(double Median, double P99)
{
    public static Latency Of(IReadOnlyCollection<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return new(At(0.5), At(0.99));

        double At(double share) => sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * share) - 1, 0, sorted.Length - 1)];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.0} / {P99:0.0} ms");
}
