using System.Diagnostics;
using Aspire.Hosting;

namespace EventDriven.LocalHosting;

/// <summary>
/// Starts processes, each the leader of a session of its own, so that it gets neither the terminal's Ctrl+C nor this host's hang-up
/// and can be signalled together with its children. All carry a variable with this host's mark; a watchdog, which outlives
/// the host, ends whatever carries it when the host is gone, even by SIGKILL.
/// </summary>
internal sealed class ProcessLauncher : IAsyncDisposable
{
    private const string MarkVariable = "EVENTDRIVEN_HOST";

    // What Aspire keeps back too: they are the AppHost's own.
    private static readonly string[] NotInherited = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    // Reads until the host's end of the pipe closes; SIGTERM, and SIGKILL five seconds later to what is still there.
    private const string WatchdogScript = """
        exec >/dev/null 2>&1
        cat
        for signal in TERM KILL; do
          files=$(grep -lzxF -- "$0" /proc/[0-9]*/environ) || [ -n "$files" ] || exit 0
          for file in $files; do
            pid=${file#/proc/}
            kill -$signal "${pid%/environ}"
          done
          [ $signal = KILL ] || sleep 5
        done
        """;

    private readonly string _mark = Guid.NewGuid().ToString("N");
    private Process? _watchdog;

    public void Start()
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", WatchdogScript, $"{MarkVariable}={_mark}"]) { UseShellExecute = false, RedirectStandardInput = true };
        start.Environment.Remove(MarkVariable);
        _watchdog = Process.Start(start);
    }

    public LaunchedProcess Launch(LaunchSpec spec, Action<string, bool> writeLine)
    {
        var start = new ProcessStartInfo("setsid", [spec.Command, .. spec.Arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in NotInherited)
            start.Environment.Remove(name);
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;
        start.Environment[MarkVariable] = _mark;

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        return LaunchedProcess.Start(process, writeLine);
    }

    /// <summary>SIGKILL to what left its session and outlived it.</summary>
    public void KillLeftovers()
    {
        foreach (var pid in Signals.ProcessesWith($"{MarkVariable}={_mark}"))
            Signals.Kill(pid);
    }

    /// <summary>Ends the watchdog, which has nothing left to watch.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _watchdog, null) is not { } watchdog)
            return;
        KillLeftovers();
        Signals.KillRunning(watchdog.Id);
        watchdog.StandardInput.Close();
        await watchdog.WaitForExitAsync();
        watchdog.Dispose();
    }
}
