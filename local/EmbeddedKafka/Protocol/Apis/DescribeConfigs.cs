namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Shows the settings of topics and of the broker.</summary>
internal static class DescribeConfigs
{
    public const sbyte TopicResource = 2;
    public const sbyte BrokerResource = 4;

    public sealed record Request(Resource[] Resources)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadArray(ReadResource));

        private static Resource ReadResource(ref KafkaReader r, int version) =>
            new(r.ReadInt8(), r.ReadString(), r.ReadNullableArray(static (ref r, _) => r.ReadString()));
    }

    /// <param name="Keys">The settings asked for; null for all.</param>
    public sealed record Resource(sbyte Type, string Name, string[]? Keys);

    public sealed record Response(IReadOnlyList<ResourceResult> Results) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteInt32(0); // throttle time
            writer.WriteArray(Results, (w, result) =>
            {
                w.WriteError(result.Error);
                w.WriteString(result.Message);
                w.WriteInt8(result.Type);
                w.WriteString(result.Name);
                w.WriteArray(result.Entries, (w, entry) => WriteEntry(w, entry, version));
            });
        }

        private static void WriteEntry(KafkaWriter w, Entry entry, int version)
        {
            w.WriteString(entry.Name);
            w.WriteString(entry.Value);
            w.WriteBool(entry.ReadOnly);
            if (version == 0)
                w.WriteBool(entry.Source == Source.Default);
            else
                w.WriteInt8((sbyte)entry.Source);
            w.WriteBool(false); // sensitive
            if (version >= 1)
                w.WriteArrayLength(0); // synonyms
        }
    }

    public sealed record ResourceResult(ErrorCode Error, string? Message, sbyte Type, string Name, IReadOnlyList<Entry> Entries);

    public sealed record Entry(string Name, string Value, bool ReadOnly, Source Source);

    /// <summary>Where a value comes from, numbered as in the protocol.</summary>
    public enum Source : sbyte
    {
        Unknown = 0,
        Topic = 1,
        StaticBroker = 4,
        Default = 5,
    }
}
