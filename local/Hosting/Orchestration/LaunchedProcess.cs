using System.Diagnostics;

namespace EventDriven.LocalHosting;

/// <summary>A running process and its output.</summary>
internal sealed class LaunchedProcess
{
    private readonly Process _process;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;

    private LaunchedProcess(Process process, Action<string, bool> writeLine)
    {
        _process = process;
        _process.Exited += (_, _) => _exited.TrySetResult();
        _process.Start();
        Id = _process.Id;
        _process.StandardInput.Close();
        _output = Task.WhenAll(ReadAsync(_process.StandardOutput, isError: false), ReadAsync(_process.StandardError, isError: true));

        async Task ReadAsync(StreamReader reader, bool isError)
        {
            while (await reader.ReadLineAsync() is { } line)
                writeLine(line, isError);
        }
    }

    /// <summary>Also the id of its session and process group.</summary>
    public int Id { get; }

    public bool HasExited => _exited.Task.IsCompleted;

    public static LaunchedProcess Start(Process process, Action<string, bool> writeLine) => new(process, writeLine);

    /// <returns>The exit code; 128 and the signal's number where one ended it.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await _exited.Task;
        // A child that lives on may hold the pipes open.
        await _output.WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.ExitCode;
    }

    /// <returns>False if it had to be killed.</returns>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        Signals.Terminate(Id);
        await _exited.Task.WaitAsync(grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var inTime = HasExited;
        if (!inTime)
        {
            Signals.KillRunning(Id);
            await _exited.Task;
        }
        Signals.KillGroup(Id);
        return inTime;
    }
}
