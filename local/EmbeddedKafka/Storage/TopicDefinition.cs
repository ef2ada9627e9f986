namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>What a topic's <c>topic.json</c> holds.</summary>
internal sealed record TopicDefinition(int Partitions, SortedDictionary<string, string> Config);
