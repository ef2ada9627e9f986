using Confluent.Kafka;
using EventDriven.OutboxRelay.Outbox;

namespace EventDriven.OutboxRelay.Sending;

/// <summary>A batch on its way: collects the delivery reports, which come on a thread of the client.</summary>
internal sealed class Delivery(IReadOnlyList<OutboxRow> rows)
{
    private readonly Error?[] _errors = new Error?[rows.Count];
    private readonly TaskCompletionSource<IReadOnlyList<SendResult>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = rows.Count;

    /// <summary>Ends with the last report; the results are in the order of the rows.</summary>
    public Task<IReadOnlyList<SendResult>> Done => _done.Task;

    /// <summary>Hands all rows to the producer, except those behind a row of the same aggregate that it did not take.</summary>
    public void Begin(IProducer<byte[], byte[]> producer)
    {
        Dictionary<Guid, Error> stopped = [];
        for (var i = 0; i < rows.Count; i++)
        {
            var (index, row) = (i, rows[i]);
            if (stopped.TryGetValue(row.AggregateId, out var before))
            {
                Report(index, before);
                continue;
            }

            try
            {
                producer.Produce(OutboxMessage.TopicOf(row), OutboxMessage.Of(row), report => Report(index, report.Error.IsError ? report.Error : null));
            }
            catch (ProduceException<byte[], byte[]> exception)
            {
                stopped.Add(row.AggregateId, exception.Error);
                Report(index, exception.Error);
            }
        }
    }

    private void Report(int index, Error? error)
    {
        _errors[index] = error;
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _done.TrySetResult([.. rows.Zip(_errors, (row, result) => new SendResult(row, result))]);
        }
    }
}
