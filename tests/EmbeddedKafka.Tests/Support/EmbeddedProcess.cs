using System.Diagnostics;
using System.Globalization;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>The embedded broker as a process of its own.</summary>
public sealed class EmbeddedProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private EmbeddedProcess(ChildProcess process, string bootstrapServers, TimeSpan startTime)
    {
        _process = process;
        BootstrapServers = bootstrapServers;
        StartTime = startTime;
    }

    /// <summary>The executable, which the project reference puts beside the tests and benchmarks.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "EmbeddedKafka");

    public string BootstrapServers { get; }

    public int Port => int.Parse(BootstrapServers.Split(':')[1], CultureInfo.InvariantCulture);

    /// <summary>From starting the process to its ready line.</summary>
    public TimeSpan StartTime { get; }

    public int Id => _process.Id;

    public static async Task<EmbeddedProcess> StartAsync(string directory, int port, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var process = ChildProcess.Start(Executable, ["--data", directory, "--port", port.ToString(CultureInfo.InvariantCulture)]);
        var line = await process.WaitForLineAsync(l => l.StartsWith("ready ", StringComparison.Ordinal), TimeSpan.FromSeconds(60), ct);
        return new(process, line["ready ".Length..], clock.Elapsed);
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> StopAsync(CancellationToken ct)
    {
        await _process.TerminateAsync(ct);
        return await _process.WaitForExitAsync(TimeSpan.FromSeconds(30), ct);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
