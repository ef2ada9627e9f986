namespace EventDriven.KafkaBench;

internal static class Soak
{
    public static Task<int> RunAsync(TimeSpan duration, int rate, CancellationToken ct) => throw new NotSupportedException();
}
