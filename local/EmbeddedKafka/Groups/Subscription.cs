using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Groups;

/// <summary>Reads a consumer's subscription, the metadata consumers send when they join: a version, then the topics.</summary>
internal static class Subscription
{
    /// <summary>True when the topic is in it, and when it cannot be read: then nobody can say that it is not.</summary>
    public static bool Includes(byte[] metadata, string topic)
    {
        try
        {
            var reader = new KafkaReader(metadata, flexible: false);
            reader.ReadInt16();
            return reader.ReadStringArray().Contains(topic, StringComparer.Ordinal);
        }
        catch (ProtocolException)
        {
            return true;
        }
    }
}
