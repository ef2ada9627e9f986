using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>A process of a test, ended with it at the latest.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int LinesRemembered = 2000;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _standardOutput = new();
    private readonly SemaphoreSlim _newLine = new(0);

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What came over standard output and standard error.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>What came over standard output alone.</summary>
    public IReadOnlyList<string> StandardOutput => [.. _standardOutput];

    public static ChildProcess Start(string file, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, args) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;

        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is not null)
                child._standardOutput.Enqueue(e.Data);

            child.Take(e.Data);
        };
        child._process.ErrorDataReceived += (_, e) => child.Take(e.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string file, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null, string? input = null, CancellationToken ct = default)
    {
        await using var child = Start(file, args, environment);
        if (input is not null)
            await child._process.StandardInput.WriteAsync(input.AsMemory(), ct);

        child._process.StandardInput.Close();
        var exitCode = await child.WaitForExitAsync(TimeSpan.FromSeconds(90), ct);
        return (exitCode, child.Output);
    }

    public async Task<int> WaitForExitAsync(TimeSpan limit, CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct).WaitAsync(limit, ct);
        return _process.ExitCode;
    }

    /// <summary>Waits for a line of output.</summary>
    /// <exception cref="InvalidOperationException">The process ended without it.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> isIt, TimeSpan limit, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(limit);
        while (true)
        {
            if (_lines.FirstOrDefault(isIt) is { } line)
                return line;

            if (_process.HasExited)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}:\n{Output}");

            await _newLine.WaitAsync(TimeSpan.FromMilliseconds(100), deadline.Token);
        }
    }

    /// <summary>SIGKILL: the process gets no chance to save anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public Task TerminateAsync(CancellationToken ct) => Process.Start("kill", ["-TERM", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();

        _process.Dispose();
        _newLine.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;

        _lines.Enqueue(line);
        if (_lines.Count > LinesRemembered)
            _lines.TryDequeue(out _);

        try
        {
            _newLine.Release();
        }
        catch (ObjectDisposedException)
        {
            // the last output of a process that has been killed
        }
    }
}
