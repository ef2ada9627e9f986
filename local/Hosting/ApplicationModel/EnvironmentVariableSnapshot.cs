namespace Aspire.Hosting.ApplicationModel;

/// <param name="IsFromSpec">Set by the application model rather than inherited.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);
