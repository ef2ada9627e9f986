namespace EventDriven.EmbeddedKafka.Protocol.Apis;

/// <summary>Changes single settings of topics.</summary>
internal static class IncrementalAlterConfigs
{
    public sealed record Request(Resource[] Resources, bool ValidateOnly)
    {
        public static Request Read(ref KafkaReader r, int version) => new(r.ReadArray(ReadResource), r.ReadBool());

        private static Resource ReadResource(ref KafkaReader r, int version) => new(
            r.ReadInt8(),
            r.ReadString(),
            r.ReadArray(static (ref r, _) => new Change(r.ReadString(), (Operation)r.ReadInt8(), r.ReadNullableString())));
    }

    public sealed record Resource(sbyte Type, string Name, Change[] Changes);

    public sealed record Change(string Name, Operation Operation, string? Value);

    /// <summary>What to do with a setting, numbered as in the protocol. Append and subtract are for lists, of which topics here have none.</summary>
    public enum Operation : sbyte
    {
        Set = 0,
        Delete = 1,
        Append = 2,
        Subtract = 3,
    }

    public sealed record Response(IReadOnlyList<ResourceResult> Results) : IResponse
    {
        public void Write(KafkaWriter writer, int version)
        {
            writer.WriteInt32(0); // throttle time
            writer.WriteArray(Results, static (w, result) =>
            {
                w.WriteError(result.Error);
                w.WriteString(result.Message);
                w.WriteInt8(result.Type);
                w.WriteString(result.Name);
            });
        }
    }

    public sealed record ResourceResult(ErrorCode Error, string? Message, sbyte Type, string Name);
}
