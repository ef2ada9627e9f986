using System.Text.Json.Serialization;

namespace EventDriven.AppHost;

/// <summary>What the worker answers at <c>/connectors/{name}/status</c>: https://kafka.apache.org/documentation/#connect_rest.</summary>
internal sealed record ConnectorStatus(
    [property: JsonPropertyName("connector")] ConnectorPartStatus Connector,
    [property: JsonPropertyName("tasks")] IReadOnlyList<ConnectorPartStatus> Tasks);
