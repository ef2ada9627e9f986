using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EventDriven.TestSupport;

/// <summary>
/// A process that a test started. It is killed when the test lets go of it and also when the test run itself dies: a shell holds its standard input,
/// which the system closes with the test run, and kills it then.
/// </summary>
public sealed class TestProcess : IAsyncDisposable
{
    // The first line printed is the process id of the program proper.
    private const string Guard = """
        "$@" </dev/null & child=$!; echo "$child"
        { cat >/dev/null; kill -KILL "$child"; } <&3 >/dev/null 2>&1 3<&- & guard=$!
        wait "$child"; code=$?; kill "$guard" 2>/dev/null; exit "$code"
        """;

    private const int KeptCharacters = 64 * 1024;
    private readonly Process _shell;
    private readonly StringBuilder _output = new();
    private Task _reading = Task.CompletedTask;

    private TestProcess(Process shell, int id) => (_shell, Id) = (shell, id);

    /// <summary>The program's process id.</summary>
    public int Id { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _shell.HasExited;

    /// <summary>What it printed, standard output and error, the last 64 Ki characters.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    public static async Task<TestProcess> StartAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", "exec 3<&0; " + Guard, "guard", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var shell = new Process { StartInfo = start };
        shell.Start();
        var first = await shell.StandardOutput.ReadLineAsync(cancellationToken);
        var process = new TestProcess(shell, int.Parse(first ?? string.Empty, CultureInfo.InvariantCulture));
        process._reading = Task.WhenAll(process.KeepAsync(shell.StandardOutput), process.KeepAsync(shell.StandardError));
        return process;
    }

    /// <summary>Starts a .NET program from the assembly that a test project references.</summary>
    /// <param name="assembly">The program's assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables added to the environment.</param>
    /// <param name="cancellationToken">Ends the wait for its start.</param>
    public static Task<TestProcess> StartDotnetAsync(
        System.Reflection.Assembly assembly,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken cancellationToken = default) =>
        StartAsync("dotnet", [assembly.Location, .. arguments], environment, Path.GetDirectoryName(assembly.Location), cancellationToken);

    /// <summary>SIGKILL: no time for a last word.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => SignalAsync("KILL", cancellationToken);

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken = default)
    {
        await SignalAsync("TERM", cancellationToken);
        return _shell.ExitCode;
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        await _shell.WaitForExitAsync(cancellationToken);
        return _shell.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _reading;
        _shell.Dispose();
    }

    /// <summary>Sends a signal, such as <c>STOP</c> or <c>CONT</c>, without waiting for anything.</summary>
    public async Task SendAsync(string signal, CancellationToken cancellationToken = default)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    private async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        if (!_shell.HasExited)
        {
            await SendAsync(signal, cancellationToken);
            await _shell.WaitForExitAsync(cancellationToken);
        }
    }

    private async Task KeepAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.AppendLine(line);
                if (_output.Length > KeptCharacters)
                {
                    _output.Remove(0, _output.Length - KeptCharacters);
                }
            }
        }
    }
}
