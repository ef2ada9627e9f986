using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of a resource at one moment; the dashboard shows this.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary><c>Project</c>, <c>Executable</c>, <c>Parameter</c>, <c>ConnectionString</c> or a word of one's own.</summary>
    public required string ResourceType { get; init; }

    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    public ResourceStateSnapshot? State { get; init; }

    public int? ExitCode { get; init; }

    public DateTime? CreationTimeStamp { get; init; }

    public DateTime? StartTimeStamp { get; init; }

    public DateTime? StopTimeStamp { get; init; }

    public bool IsHidden { get; init; }

    public string? IconName { get; init; }

    public IconVariant? IconVariant { get; init; }

    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>Null unless running; unhealthy until every check has reported.</summary>
    public HealthStatus? HealthStatus => State?.Text != KnownResourceStates.Running
        ? null
        : HealthReports.Aggregate(
            Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy,
            (worst, report) => (HealthStatus)Math.Min((int)worst, (int)(report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy)));

    /// <summary>Set once the subscribers of <see cref="ResourceReadyEvent"/> were called; waiters await it.</summary>
    internal Task? Ready { get; init; }

    internal bool IsTerminal => KnownResourceStates.TerminalStates.Contains(State?.Text);

    internal CustomResourceSnapshot WithProperty(string name, object? value, bool sensitive = false) => this with
    {
        Properties = [.. Properties.Where(p => p.Name != name), new(name, value) { IsSensitive = sensitive }],
    };
}
