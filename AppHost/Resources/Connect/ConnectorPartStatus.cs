using System.Text.Json.Serialization;

namespace EventDriven.AppHost;

/// <summary>The state of a connector, or of one of its tasks.</summary>
/// <param name="State"><c>RUNNING</c>, <c>FAILED</c>, <c>PAUSED</c>, <c>STOPPED</c>, <c>UNASSIGNED</c> or <c>RESTARTING</c>.</param>
/// <param name="Trace">The stack trace of a failed one.</param>
/// <param name="Id">A task's number.</param>
internal sealed record ConnectorPartStatus(
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("trace")] string? Trace = null,
    [property: JsonPropertyName("id")] int? Id = null)
{
    public const string Running = "RUNNING";
    public const string Failed = "FAILED";
}
