using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventDriven.OrderApi.OpenApi;

/// <summary>A value that shows what a body looks like.</summary>
/// <param name="Type">The body's type.</param>
/// <param name="Value">The value.</param>
internal sealed record Example(Type Type, object Value)
{
    public static Example Of<T>(T value)
        where T : notnull => new(typeof(T), value);

    public JsonNode? ToJson() => JsonSerializer.SerializeToNode(Value, OrderApiJson.Relaxed.GetTypeInfo(Type)!);
}
