using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventDriven.AppHost;

/// <summary>Judges a connector by its state, its tasks' states and, for the sender of the outbox, by how long the oldest row has waited.</summary>
internal static class ConnectorHealth
{
    /// <summary>The judgement, with the reason in one line.</summary>
    /// <param name="status">What the worker says, or null where it knows no such connector.</param>
    /// <param name="oldest">The age of the oldest outbox row; null where there is none, or the connector does not send it.</param>
    /// <param name="patience">The age that is still healthy.</param>
    public static HealthCheckResult Judge(ConnectorStatus? status, TimeSpan? oldest, TimeSpan patience)
    {
        if (status is null)
        {
            return HealthCheckResult.Unhealthy("The worker does not know the connector.");
        }

        if (status.Connector is { State: ConnectorPartStatus.Failed } failed)
        {
            return HealthCheckResult.Unhealthy($"The connector failed: {Reason(failed.Trace)}");
        }

        if (status.Tasks.FirstOrDefault(task => task.State == ConnectorPartStatus.Failed) is { } failedTask)
        {
            return HealthCheckResult.Unhealthy($"Task {failedTask.Id} failed: {Reason(failedTask.Trace)}");
        }

        if (status.Connector.State is "PAUSED" or "STOPPED")
        {
            return HealthCheckResult.Degraded($"The connector is {status.Connector.State.ToLowerInvariant()}.");
        }

        if (status.Connector.State != ConnectorPartStatus.Running || status.Tasks.Count == 0 || status.Tasks.Any(task => task.State != ConnectorPartStatus.Running))
        {
            var tasks = status.Tasks.Count == 0 ? "no task" : string.Join(", ", status.Tasks.Select(task => $"task {task.Id} {task.State}"));
            return HealthCheckResult.Unhealthy($"The connector is {status.Connector.State}, {tasks}.");
        }

        // A connector that lost its database, or whose topic is missing, goes on saying RUNNING and sends nothing.
        return oldest > patience
            ? HealthCheckResult.Unhealthy(string.Create(
                CultureInfo.InvariantCulture,
                $"The connector says RUNNING, but the oldest row has stood in the outbox for {oldest.Value.TotalSeconds:0} s: nothing is sent, or the janitor does not run."))
            : HealthCheckResult.Healthy("RUNNING");
    }

    /// <summary>The first line of a stack trace, and its innermost cause where that says something else.</summary>
    internal static string Reason(string? trace)
    {
        if (string.IsNullOrWhiteSpace(trace))
        {
            return "no reason given";
        }

        const string Marker = "Caused by: ";
        var lines = trace.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var cause = lines.LastOrDefault(line => line.StartsWith(Marker, StringComparison.Ordinal))?[Marker.Length..];
        return cause is null || lines[0].Contains(cause, StringComparison.Ordinal) ? lines[0] : $"{lines[0]} (cause: {cause})";
    }
}
