using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace EventDriven.LocalHosting.Dashboard;

/// <summary>
/// Finds the dashboard's program: where configuration says, else in <c>.eventdriven/dashboard</c> of the AppHost's folder or one above it, where
/// <c>npm install --prefix .eventdriven/dashboard @microsoft/aspire-cli-linux-x64</c> puts the tool that contains it.
/// </summary>
internal static class DashboardInstallation
{
    private const string Folder = ".eventdriven/dashboard";
    private const string Tool = "node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire";
    private const string Unpacked = "bundle/bundle/managed/aspire-managed";

    /// <summary>The program, or the tool that has it still packed in; null if neither is there.</summary>
    public static string? Find(IConfiguration configuration, string appHostDirectory)
    {
        if ((configuration["DcpPublisher:DashboardPath"] ?? configuration["ASPIRE_DASHBOARD_PATH"]) is { Length: > 0 } configured)
            return File.Exists(configured) ? configured : null;
        for (var directory = new DirectoryInfo(appHostDirectory); directory is not null; directory = directory.Parent)
        {
            var found = new[] { Unpacked, Tool }.Select(p => Path.Combine(directory.FullName, Folder, p)).FirstOrDefault(File.Exists);
            if (found is not null)
                return found;
        }
        return null;
    }

    public static bool IsPacked(string program) => program.EndsWith(Tool, StringComparison.Ordinal);

    /// <summary>Has the tool unpack the program beside itself; takes some seconds, once.</summary>
    /// <exception cref="InvalidOperationException">The tool failed.</exception>
    public static async Task<string> UnpackAsync(string tool, CancellationToken cancellationToken)
    {
        var folder = tool[..^Tool.Length];
        var start = new ProcessStartInfo(tool, ["setup", "--install-path", Path.Combine(folder, "bundle"), "--nologo", "--non-interactive"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var program = Path.Combine(folder, Unpacked);
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException($"'{tool} setup' left no dashboard: {(await errors).Trim()} {(await output).Trim()}");
    }
}
