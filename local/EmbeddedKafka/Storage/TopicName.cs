namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>What a topic may be called. The rules are Kafka's, and make any name good for a folder.</summary>
internal static class TopicName
{
    public const int MaxLength = 249;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && name is not ("." or "..")
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
