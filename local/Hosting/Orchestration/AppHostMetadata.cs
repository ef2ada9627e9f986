using System.Reflection;

namespace EventDriven.LocalHosting;

/// <summary>What <c>build/AppHost.targets</c> writes into the AppHost's assembly.</summary>
internal static class AppHostMetadata
{
    /// <summary>The AppHost's project folder; null if the assembly was not built as an AppHost.</summary>
    public static string? ProjectDirectory(Assembly? appHost) => Value(appHost, "apphostprojectpath");

    /// <summary>The built assembly of a project the AppHost refers to.</summary>
    public static string? TargetPath(Assembly? appHost, string projectPath) => Value(appHost, "projecttarget:" + projectPath);

    private static string? Value(Assembly? assembly, string key) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
}
