using System.Data;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Applies a batch: the effects, the versions and the next offsets in one transaction, or none of them.</summary>
internal sealed class BatchProcessor(
    MySqlDataSource database,
    ConsumerStore store,
    IEventHandler handler,
    DeadLetterWriter deadLetters,
    ConsumerMetrics metrics,
    ConsumerHealth health,
    EventConsumerOptions options,
    TimeProvider time,
    ILogger<BatchProcessor> logger)
{
    /// <summary>
    /// Tries until the batch is done. Errors of the database or the broker are waited out however long they last: they say nothing about the events.
    /// An error of the handler or of the data is narrowed down to one event by halving the batch; that event is tried again a few times unless the error
    /// is permanent, then parked.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled between two attempts, or in one, which is then rolled back.</exception>
    public async Task<BatchOutcome> ProcessAsync(Batch batch, CancellationToken cancellationToken)
    {
        var rejected = new Dictionary<IncomingRecord, string>(ReferenceEqualityComparer.Instance);
        var (waits, handlerFailures) = (0, 0);
        while (true)
        {
            try
            {
                var outcome = await TryAsync(batch, rejected, cancellationToken);
                health.Works();
                return outcome;
            }
            catch (PoisonEventException poison) when (batch.Records.FirstOrDefault(record => ReferenceEquals(record.Event, poison.Incoming)) is { } record)
            {
                rejected[record] = poison.Message;
                continue;
            }
            catch (HandlerFailedException failure) when (batch.Records.Count > 1)
            {
                Log.BatchSplit(logger, failure, batch.Records.Count);
                var (first, second) = batch.Split();
                return (await ProcessAsync(first, cancellationToken)).Then(await ProcessAsync(second, cancellationToken));
            }
            catch (HandlerFailedException failure)
            {
                if (failure.Permanent || ++handlerFailures >= options.HandlerAttempts)
                {
                    rejected[batch.Records[0]] = failure.Message.ReplaceLineEndings(" ");
                    continue;
                }

                Log.HandlerRetry(logger, failure, handlerFailures, options.HandlerAttempts);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && DatabaseErrors.IsInfrastructure(exception))
            {
                Log.BatchRetry(logger, exception, waits + 1);
                health.Failed(exception);
            }

            await Task.Delay(Backoff.After(++waits), time, cancellationToken);
        }
    }

    private async Task<BatchOutcome> TryAsync(Batch batch, Dictionary<IncomingRecord, string> rejected, CancellationToken cancellationToken)
    {
        var (begun, started) = (time.GetUtcNow(), time.GetTimestamp());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var state = await store.LockAsync(transaction, batch, cancellationToken);

        // Whoever moved a partition on since its records were read did their work; what is left of the batch is still ours.
        var mine = batch.Positions.Where(position => state.Offsets.GetValueOrDefault(position.Partition, -1) == position.Expected).ToList();
        var fenced = batch.Positions.Count - mine.Count;
        var records = fenced == 0
            ? batch.Records
            : [.. batch.Records.Where(record => mine.Exists(position => position.Partition == record.ReadAt.TopicPartition))];
        var verdict = VersionGate.Judge(records, state.Versions, state.Parked, rejected);

        if (mine.Count > 0)
        {
            await ApplyAsync(verdict, transaction, cancellationToken);
            if (verdict.DeadLetters.Count > 0)
            {
                // Before the commit: a crash between the two writes it twice, never not at all.
                await deadLetters.WriteAsync(verdict.DeadLetters, cancellationToken);
            }

            await store.SaveAsync(transaction, mine, verdict, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        var next = mine.ToDictionary(position => position.Partition, position => position.Next);
        var outcome = new BatchOutcome(
            batch.Positions.ToDictionary(at => at.Partition, at => next.TryGetValue(at.Partition, out var offset) ? offset : state.Offsets.GetValueOrDefault(at.Partition, -1)),
            verdict.Events.Count,
            verdict.Duplicates.Count,
            verdict.DeadLetters.Count);
        Report(outcome, verdict, fenced, begun, time.GetElapsedTime(started));
        return outcome;
    }

    private async Task ApplyAsync(Verdict verdict, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (verdict.Events.Count == 0)
        {
            return;
        }

        try
        {
            await handler.ApplyAsync(verdict.Events, transaction, cancellationToken);
        }
        catch (Exception exception) when (exception is not (PoisonEventException or OperationCanceledException) && !DatabaseErrors.IsInfrastructure(exception))
        {
            // On a connection that broke in the middle, MySqlConnector complains about its state.
            throw transaction.Connection?.State == ConnectionState.Open ? new HandlerFailedException(exception) : new IOException("The connection was lost.", exception);
        }
    }

    private void Report(BatchOutcome outcome, Verdict verdict, int fenced, DateTimeOffset begun, TimeSpan duration)
    {
        metrics.Processed(outcome, duration, fenced);
        ProcessSpans.Write(verdict.Events, options.Group, begun);
        foreach (var (record, reason) in verdict.DeadLetters)
        {
            Log.DeadLettered(logger, record.Raw.Topic, record.Raw.Partition.Value, record.Raw.Offset.Value, record.Aggregate?.Id, record.Version, reason);
        }

        foreach (var (aggregate, _) in verdict.Parking.Where(entry => entry.Value is null))
        {
            Log.Released(logger, aggregate.Type, aggregate.Id);
        }

        if (fenced > 0)
        {
            Log.Fenced(logger, fenced);
        }
    }
}
