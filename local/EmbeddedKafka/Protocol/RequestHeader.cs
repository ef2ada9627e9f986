namespace EventDriven.EmbeddedKafka.Protocol;

/// <summary>What precedes every request. Header version 1 always; 2 adds tagged fields, in flexible versions of a request.</summary>
internal sealed record RequestHeader(ApiKey ApiKey, short ApiVersion, int CorrelationId, string? ClientId)
{
    /// <summary>Bytes up to the correlation id, which every request has.</summary>
    public const int FixedLength = 8;

    /// <summary>Reads the header; <paramref name="flexible"/> tells whether the request's version has tagged fields after it.</summary>
    public static RequestHeader Read(ReadOnlyMemory<byte> request, bool flexible, out ReadOnlyMemory<byte> body)
    {
        // The client id keeps its old encoding in both header versions, so that a broker can read it whatever the version.
        var reader = new KafkaReader(request, flexible: false);
        var header = new RequestHeader((ApiKey)reader.ReadInt16(), reader.ReadInt16(), reader.ReadInt32(), reader.ReadNullableString());
        var rest = new KafkaReader(reader.Rest, flexible);
        rest.SkipTags();
        body = rest.Rest;
        return header;
    }
}
