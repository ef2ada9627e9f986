using System.Diagnostics;

namespace EventDriven.TestSupport;

/// <summary>Waits for a condition with a deadline, in place of a sleep.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks <paramref name="value"/> until <paramref name="accept"/> takes it, and returns it.</summary>
    /// <exception cref="TimeoutException">The deadline (30 s unless given) passed; the message holds the last value or error.</exception>
    public static async Task<T> GetAsync<T>(
        Func<CancellationToken, Task<T>> value, Func<T, bool> accept, CancellationToken cancellationToken, TimeSpan? deadline = null)
    {
        var patience = deadline ?? DefaultDeadline;
        var watch = Stopwatch.StartNew();
        object? last = null;
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                var current = await value(cancellationToken);
                if (accept(current))
                {
                    return current;
                }

                last = current;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                last = exception;
            }
        }
        while (watch.Elapsed < patience && await timer.WaitForNextTickAsync(cancellationToken));

        throw new TimeoutException($"Not so within {patience.TotalSeconds:0.#} s; last seen: {last ?? "null"}", last as Exception);
    }

    /// <summary>Asks <paramref name="condition"/> until it is true.</summary>
    /// <exception cref="TimeoutException">The deadline (30 s unless given) passed.</exception>
    public static Task TrueAsync(Func<CancellationToken, Task<bool>> condition, CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        GetAsync(condition, static met => met, cancellationToken, deadline);

    /// <inheritdoc cref="TrueAsync(Func{CancellationToken,Task{bool}},CancellationToken,TimeSpan?)"/>
    public static Task TrueAsync(Func<bool> condition, CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        TrueAsync(_ => Task.FromResult(condition()), cancellationToken, deadline);
}
