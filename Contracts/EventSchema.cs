using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace EventDriven.Contracts;

/// <summary>The JSON Schema (draft 2020-12) of an event's payload, made from the contract itself; docs/events holds a copy of each.</summary>
public static class EventSchema
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };

    /// <summary>The schema of an event type.</summary>
    /// <exception cref="System.Text.Json.JsonException">The event type is unknown.</exception>
    public static JsonObject Of(string eventType)
    {
        var members = EventJson.ShapeOf(eventType).GetJsonSchemaAsNode(Options).AsObject();
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:event:{eventType}:v1",
            ["title"] = eventType,
        };
        foreach (var (name, value) in members)
        {
            schema[name] = value?.DeepClone();
        }

        return schema;
    }

    // The converters of money and instants hide from the exporter what they write.
    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(decimal))
        {
            return new JsonObject { ["type"] = "number", ["multipleOf"] = 0.01m };
        }

        if (type == typeof(DateTimeOffset))
        {
            return new JsonObject
            {
                ["type"] = "string",
                ["format"] = "date-time",
                ["pattern"] = @"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$",
            };
        }

        return schema;
    }
}
