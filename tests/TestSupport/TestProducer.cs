using Confluent.Kafka;
using EventDriven.Contracts;

namespace EventDriven.TestSupport;

/// <summary>Writes events to their topics as a sender would, in the order in which they are given.</summary>
public sealed class TestProducer(string bootstrapServers) : IDisposable
{
    private readonly IProducer<byte[]?, byte[]?> _producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
    {
        BootstrapServers = bootstrapServers,
        EnableIdempotence = true,
        Partitioner = Partitioner.Murmur2Random,
        LingerMs = 1,
    }).SetLogHandler((_, _) => { }).Build();

    /// <summary>Writes events with their versions, and returns when all are acknowledged.</summary>
    public Task SendAsync(IEnumerable<(DomainEvent Event, int Version)> events, CancellationToken cancellationToken) =>
        Task.WhenAll(events.Select(entry => SendAsync(entry.Event.AggregateType, TestEvents.Record(entry.Event, entry.Version), cancellationToken)).ToList());

    /// <summary>Writes the events of one aggregate as versions 1, 2, 3 …</summary>
    public Task SendAsync(IReadOnlyList<DomainEvent> events, CancellationToken cancellationToken) =>
        SendAsync(events.Select((domainEvent, index) => (domainEvent, index + 1)), cancellationToken);

    /// <summary>Writes one record.</summary>
    public Task SendAsync(string aggregateType, Message<byte[]?, byte[]?> record, CancellationToken cancellationToken) =>
        _producer.ProduceAsync(Topics.NameFor(aggregateType), record, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _producer.Dispose();
}
