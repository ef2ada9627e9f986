using System.Text.Json.Serialization;

namespace EventDriven.EmbeddedKafka.Storage;

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TopicDefinition))]
internal sealed partial class TopicDefinitionJson : JsonSerializerContext;
