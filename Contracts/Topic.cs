namespace EventDriven.Contracts;

/// <summary>A topic as the system creates it: its name, its partitions, and the settings that differ from the broker's.</summary>
/// <param name="Name">The name on the broker.</param>
/// <param name="Partitions">How many partitions it is created with.</param>
/// <param name="Config">Topic configuration, in Kafka's own property names.</param>
public sealed record Topic(string Name, int Partitions, IReadOnlyDictionary<string, string> Config);
