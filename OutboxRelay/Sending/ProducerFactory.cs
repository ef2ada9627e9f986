using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace EventDriven.OutboxRelay.Sending;

/// <summary>Makes the relay's producers from the settings that the Aspire registration read.</summary>
internal sealed class ProducerFactory(Func<ProducerConfig> settings, ILogger<ProducerFactory> logger)
{
    /// <summary>A new producer.</summary>
    public IProducer<byte[], byte[]> Create() =>
        new ProducerBuilder<byte[], byte[]>(settings())
            .SetLogHandler((_, message) =>
            {
                // It warns that the gapless guarantee is experimental, each time: known, and tested against.
                if (!message.Message.Contains("enable.gapless.guarantee", StringComparison.Ordinal))
                {
                    Log.ClientMessage(logger, message.Message);
                }
            })
            .SetErrorHandler((_, error) => Log.ClientMessage(logger, error.Reason))
            .Build();

    /// <summary>Settings on which the guarantees rest, and defaults for what is a matter of taste.</summary>
    public static void Configure(ProducerConfig config)
    {
        config.EnableIdempotence = true;
        config.Acks = Acks.All;
        config.EnableGaplessGuarantee = true;
        config.MessageTimeoutMs = 0;

        // A report says whether the row is written; nothing of the record needs to be copied back for that.
        config.DeliveryReportFields = "none";

        // As Java's producer does it, and so Debezium.
        config.Partitioner = Partitioner.Murmur2Random;

        config.CompressionType ??= CompressionType.Lz4;
        config.LingerMs ??= 2;

        // A connection that died without a word is noticed after this long.
        config.SocketTimeoutMs ??= 10_000;
        config.RequestTimeoutMs ??= 10_000;
        config.ReconnectBackoffMaxMs ??= 1000;
    }
}
