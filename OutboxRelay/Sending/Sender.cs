using Confluent.Kafka;
using EventDriven.OutboxRelay.Outbox;

namespace EventDriven.OutboxRelay.Sending;

/// <summary>
/// Sends batches with one idempotent producer and makes a new one when the old one may not go on. What librdkafka guarantees, and what it is set to, so that
/// nothing of an aggregate is written behind a failed row of it:
/// <list type="bullet">
/// <item>Idempotence keeps the order within a partition over any number of retries.</item>
/// <item><c>message.timeout.ms=0</c>: no row ever runs out of time in the client's queue, where a later one could overtake it. A broker that is away is waited
/// for; the relay renews its lease meanwhile, and abandons the producer with all that is queued in it when it can no longer do so.</item>
/// <item><c>enable.gapless.guarantee</c>: when the broker refuses a row for good, the producer stops with a fatal error in place of going on behind the gap.</item>
/// </list>
/// </summary>
internal sealed class Sender(ProducerFactory producers) : IAsyncDisposable
{
    private IProducer<byte[], byte[]>? _producer;

    /// <summary>Sends rows in their order; ends when each is acknowledged or refused, which takes as long as the broker is away.</summary>
    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<OutboxRow> rows)
    {
        var producer = _producer ??= producers.Create();
        var delivery = new Delivery(rows);
        delivery.Begin(producer);
        var results = await delivery.Done;
        if (results.Any(result => result.Error is not null))
        {
            // After a fatal error it can send nothing more; after any other a fresh start is the simplest state to reason about.
            await AbandonAsync();
        }

        return results;
    }

    /// <summary>Drops the producer with all that it has not yet sent. What is on its way to the broker may still arrive; it is then sent twice.</summary>
    public async Task AbandonAsync()
    {
        var producer = Interlocked.Exchange(ref _producer, null);
        if (producer is not null)
        {
            // Ending a client joins its threads: a wait, so not on the pool.
            await Task.Factory.StartNew(producer.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    public async ValueTask DisposeAsync() => await AbandonAsync();
}
