using System.Runtime.InteropServices;
using System.Text;

namespace EventDriven.LocalHosting;

internal static class Signals
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    public static void TerminateGroup(int id) => _ = kill(-id, SigTerm);

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
