using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Server;

/// <summary>One kind of request: the versions answered, and how.</summary>
/// <param name="FlexibleFrom">The first flexible version (KIP-482).</param>
/// <param name="Answer">Reads the body and gives the response; null for none at all.</param>
internal sealed record Api(
    ApiKey Key,
    short MinVersion,
    short MaxVersion,
    short FlexibleFrom,
    Func<ReadOnlyMemory<byte>, RequestContext, CancellationToken, ValueTask<IResponse?>> Answer)
{
    private const short Never = short.MaxValue;

    public bool Supports(short version) => version >= MinVersion && version <= MaxVersion;

    public bool IsFlexible(short version) => version >= FlexibleFrom;

    /// <summary>An API whose handler may have to wait.</summary>
    public static Api Define<TRequest>(
        ApiKey key,
        short min,
        short max,
        KafkaReader.ItemReader<TRequest> read,
        Func<TRequest, RequestContext, CancellationToken, ValueTask<IResponse?>> handle,
        short flexibleFrom = Never) =>
        new(key, min, max, flexibleFrom, (body, context, ct) =>
        {
            var reader = new KafkaReader(body, context.Version >= flexibleFrom);
            return handle(read(ref reader, context.Version), context, ct);
        });

    /// <summary>An API that is answered at once.</summary>
    public static Api Define<TRequest>(
        ApiKey key, short min, short max, KafkaReader.ItemReader<TRequest> read, Func<TRequest, IResponse?> handle, short flexibleFrom = Never) =>
        Define(key, min, max, read, (request, _, _) => ValueTask.FromResult(handle(request)), flexibleFrom);
}
