using System.Globalization;
using EventDriven.TestSupport;

namespace EventDriven.Connect.Tests;

/// <summary>A service of the system as a process.</summary>
internal static class Service
{
    /// <summary>Starts a service that this project references.</summary>
    /// <param name="name">Its assembly's name.</param>
    /// <param name="port">The loopback port of its HTTP endpoint.</param>
    /// <param name="settings">Its environment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<TestProcess> StartAsync(string name, int port, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string?>(settings, StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            ["Logging__LogLevel__Default"] = "Warning",
        };
        return TestProcess.StartAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, $"{name}.dll")], environment, AppContext.BaseDirectory, cancellationToken);
    }
}
