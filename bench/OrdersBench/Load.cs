using System.Diagnostics;
using System.Globalization;

namespace EventDriven.OrdersBench;

/// <summary>Sixteen clients, each sending its next order when the last one was answered.</summary>
/// <param name="name">What is measured.</param>
/// <param name="place">Places one order as the client of that number; false is an error.</param>
internal sealed class Load(string name, Func<int, CancellationToken, Task<bool>> place)
{
    public const int Clients = 16;
    private readonly List<double> _milliseconds = [];
    private TimeSpan _time;
    private int _measured;

    /// <summary>All orders that were acknowledged, measured or not.</summary>
    public int Orders { get; private set; }

    public int Errors { get; private set; }

    public double PerSecond => _measured / _time.TotalSeconds;

    public async Task RunAsync(TimeSpan time, bool measured, CancellationToken cancellationToken)
    {
        var began = Stopwatch.StartNew();
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => RunClientAsync(client, began, time, cancellationToken), cancellationToken));
        foreach (var (latencies, errors) in await Task.WhenAll(clients))
        {
            Orders += latencies.Count;
            Errors += errors;
            if (measured)
            {
                _milliseconds.AddRange(latencies);
                _measured += latencies.Count;
            }
        }

        if (measured)
        {
            _time += began.Elapsed;
        }
    }

    public override string ToString()
    {
        _milliseconds.Sort();
        double At(double part) => _milliseconds.Count == 0 ? double.NaN : _milliseconds[(int)(part * (_milliseconds.Count - 1))];
        return string.Create(CultureInfo.InvariantCulture,
            $"{name,-12} {PerSecond,7:0} orders/s   p50 {At(0.5):0.0} ms   p99 {At(0.99):0.0} ms   max {At(1):0.0} ms   errors {Errors}");
    }

    private async Task<(List<double> Latencies, int Errors)> RunClientAsync(int client, Stopwatch began, TimeSpan time, CancellationToken cancellationToken)
    {
        var latencies = new List<double>();
        var errors = 0;
        while (began.Elapsed < time)
        {
            var start = Stopwatch.GetTimestamp();
            if (await place(client, cancellationToken))
            {
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            else
            {
                errors++;
            }
        }

        return (latencies, errors);
    }
}
