namespace Aspire.Hosting;

public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; the entry assembly when null.</summary>
    public string? AssemblyName { get; set; }

    public bool DisableDashboard { get; set; }

    /// <summary>Writes the resources' output to the AppHost's logger (category <c>AppHost.Resources.name</c>) in place of the console.</summary>
    public bool EnableResourceLogging { get; set; }

    public bool AllowUnsecuredTransport { get; set; }
}
