using System.Globalization;

namespace EventDriven.KafkaBench;

/// <summary>What /proc tells of a process.</summary>
internal static class Linux
{
    /// <summary>Memory of its own, in MB: resident, without the file pages it shares with the page cache.</summary>
    public static double AnonymousMegabytes(int processId) => StatusKilobytes(processId, "RssAnon:") / 1024.0;

    /// <summary>Resident memory in MB.</summary>
    public static double ResidentMegabytes(int processId) => StatusKilobytes(processId, "VmRSS:") / 1024.0;

    /// <summary>Largest resident memory so far, in MB.</summary>
    public static double PeakMegabytes(int processId) => StatusKilobytes(processId, "VmHWM:") / 1024.0;

    public static int OpenDescriptors(int processId) => Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length;

    private static long StatusKilobytes(int processId, string field) =>
        File.ReadLines($"/proc/{processId}/status")
            .Where(l => l.StartsWith(field, StringComparison.Ordinal))
            .Select(l => long.Parse(l[field.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture))
            .First();
}
