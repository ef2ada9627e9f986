namespace Aspire.MySqlConnector;

/// <summary>Settings of a MySQL data source, as the section <c>Aspire:MySqlConnector[:name]</c> gives them.</summary>
public sealed class MySqlConnectorSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:name</c> wins over it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>No health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>No spans from MySqlConnector.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>No metrics from MySqlConnector.</summary>
    public bool DisableMetrics { get; set; }
}
