using System.Runtime.InteropServices;
using System.Text;

namespace EventDriven.LocalHosting;

internal static class Signals
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    /// <summary>To a process that runs, and its group.</summary>
    public static void Terminate(int id) => SendToRunning(id, SigTerm);

    /// <inheritdoc cref="Terminate"/>
    public static void KillRunning(int id) => SendToRunning(id, SigKill);

    /// <summary>To what is left of the group of a process that has ended.</summary>
    public static void KillGroup(int id) => _ = kill(-id, SigKill);

    public static void Kill(int id) => _ = kill(id, SigKill);

    /// <summary>The processes started with a variable, as <c>NAME=value</c>, among those whose environment may be read.</summary>
    public static IEnumerable<int> ProcessesWith(string variable)
    {
        var wanted = Encoding.UTF8.GetBytes(variable);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && Carries(Path.Combine(folder, "environ"), wanted))
                yield return id;
        }
    }

    /// <summary>A process that was only just started may not lead its group yet: then it is alone.</summary>
    private static void SendToRunning(int id, int signal)
    {
        if (kill(-id, signal) != 0)
            _ = kill(id, signal);
    }

    private static bool Carries(string environ, byte[] variable)
    {
        try
        {
            return File.ReadAllBytes(environ).AsSpan().IndexOf(variable) >= 0;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return false; // Gone, or another user's.
        }
    }

#pragma warning disable SYSLIB1054, CA5392, IDE1006 // One call; a source-generated import would make the whole assembly unsafe.
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int kill(int pid, int signal);
#pragma warning restore SYSLIB1054, CA5392, IDE1006
}
