using EventDriven.OutboxRelay.Leases;
using EventDriven.OutboxRelay.Outbox;
using EventDriven.OutboxRelay.Sending;
using EventDriven.ServiceDefaults.Messaging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace EventDriven.OutboxRelay;

/// <summary>
/// The relay's one loop: renew the lease when it is time, look, read, send, remove. Because reading waits for the removal of the batch before it, no row is
/// read while it is in flight, and shards are given up only when nothing is.
/// </summary>
internal sealed class Relay(
    PublisherGuard guard,
    ShardHolder shards,
    OutboxStore outbox,
    Sender sender,
    RelayMetrics metrics,
    IOptions<RelayOptions> options,
    TimeProvider time,
    ILogger<Relay> logger) : BackgroundService
{
    // What a stop waits for: the batch in flight. The rest stays for the others.
    private static readonly TimeSpan LastBatch = TimeSpan.FromSeconds(5);
    private const int AloneAtATime = 100;
    private static readonly TimeSpan RenewalRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Release = TimeSpan.FromSeconds(2);

    private readonly RelayOptions _options = options.Value;
    private readonly HeldBackAggregates _heldBack = new(time);
    private int _perShard = 1;
    private int _turn;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await guard.MayPublishAsync(stoppingToken))
        {
            return;
        }

        Log.Begins(logger, shards.Relay);
        using var last = new CancellationTokenSource();
        await using var stop = stoppingToken.Register(() => last.CancelAfter(LastBatch));
        var (failures, worked) = (0, time.GetTimestamp());
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var foundWork = await RoundAsync(last.Token);
                failures = 0;
                if (foundWork)
                {
                    worked = time.GetTimestamp();
                }
                else
                {
                    await PauseAsync(Shorter(_options.IdlePause(time.GetElapsedTime(worked)), shards.UntilRenewal), stoppingToken);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // Whatever it was, the rows are still there and nothing was lost: trying again is always right.
                Log.RoundFailed(logger, exception, ++failures);
                await PauseAsync(Backoff.After(failures), stoppingToken);
            }
        }

        await EndAsync();
    }

    /// <summary>One round. Returns false when there was nothing to do.</summary>
    private async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        if (shards.UntilRenewal == TimeSpan.Zero)
        {
            await shards.RenewAsync(mayRelease: true, cancellationToken);
            metrics.Shards = shards.Held.Count;
        }

        if (shards.Held.Count == 0)
        {
            return false;
        }

        if (_heldBack.Due(shards.Held) is (var shard, var aggregate))
        {
            await SendAloneAsync(shard, aggregate, cancellationToken);
            return true;
        }

        var rows = await ReadAsync(cancellationToken);
        return rows.Count > 0 && await SendAsync(rows, cancellationToken) is not null;
    }

    /// <summary>Sends a held back aggregate row by row: the broker refuses what it gets at once as a whole, the good rows with the bad one.</summary>
    private async Task SendAloneAsync(int shard, Guid aggregate, CancellationToken cancellationToken)
    {
        foreach (var row in await outbox.ReadAggregateAsync(shard, aggregate, AloneAtATime, cancellationToken))
        {
            if (shards.UntilRenewal == TimeSpan.Zero || await SendAsync([row], cancellationToken) is not { Refused.Count: 0 })
            {
                // Refused again, and so due again later; or interrupted, and still due.
                return;
            }
        }

        // What is left of it, if anything, goes with the others.
        _heldBack.Remove(aggregate);
        metrics.HeldBack = _heldBack.All.Count;
    }

    private async Task<IReadOnlyList<OutboxRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var seen = await outbox.LookAsync(cancellationToken);
        if (seen.Count == 0)
        {
            return [];
        }

        // All that there is was seen, so these shards are enough; otherwise all, beginning with another one each time.
        var wanted = (seen.Count < OutboxStore.LookLimit ? seen.Distinct().Where(shards.Held.ContainsKey) : Rotated(shards.Held.Keys)).ToList();
        if (wanted.Count == 0)
        {
            return [];
        }

        var fair = Math.Max(1, _options.BatchSize / wanted.Count);
        _perShard = Math.Clamp(_perShard, fair, _options.BatchSize);
        var rows = await outbox.ReadAsync(wanted, _perShard, _options.BatchSize, _heldBack.All, cancellationToken);

        // Few shards with much in them: more of each the next time. All full: no more than a fair part of each, or the last ones would wait.
        _perShard = rows.Count >= _options.BatchSize ? fair : rows.Count < _options.BatchSize / 2 ? _perShard * 2 : _perShard;
        return rows;
    }

    /// <summary>Sends rows and removes what was acknowledged. Null when that was not even tried, or given up: the rows are still there.</summary>
    private async Task<SendOutcome?> SendAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        if (shards.Remaining < _options.Lease / 3)
        {
            // Reading took so long that the lease might run out with these rows in flight: renew first, then read again.
            return null;
        }

        var (begun, started, fences) = (time.GetUtcNow(), time.GetTimestamp(), shards.Held);
        var sending = sender.SendAsync(rows);
        if (!await AcknowledgedAsync(sending, fences, cancellationToken))
        {
            Log.Abandoned(logger, rows.Count);
            await sender.AbandonAsync();
            return null;
        }

        var outcome = SendOutcome.Of(await sending);
        if (outcome.Removable.Count > 0)
        {
            var removed = await outbox.RemoveAsync(shards.Relay, fences, outcome.Removable, cancellationToken);
            if (removed < outcome.Removable.Count)
            {
                Log.LeftBehind(logger, outcome.Removable.Count - removed);
            }

            SendSpans.Write(outcome.Removable, begun);
            metrics.Sent(outcome.Removable.Count, time.GetElapsedTime(started), time.GetUtcNow().UtcDateTime - outcome.Removable.Min(row => row.CreatedAt));
        }

        foreach (var (row, error) in outcome.Refused)
        {
            _heldBack.Add(row);
            Log.Refused(logger, row.AggregateType, row.AggregateId, row.AggregateVersion, error!.Reason);
        }

        metrics.HeldBack = _heldBack.All.Count;

        // Next to a refused row, failures are its consequence: the producer stopped because of it.
        return outcome.Failure is null || outcome.Refused.Count > 0 ? outcome : throw new SendFailedException(outcome.Failure.Reason);
    }

    /// <summary>Waits for the acknowledgements, renewing the lease meanwhile. False when the shards can no longer be relied on.</summary>
    private async Task<bool> AcknowledgedAsync(Task sending, IReadOnlyDictionary<int, ulong> fences, CancellationToken cancellationToken)
    {
        while (!sending.IsCompleted)
        {
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var pause = Task.Delay(AtLeast(RenewalRetry, Shorter(shards.UntilRenewal, shards.Remaining)), time, wake.Token);
            if (await Task.WhenAny(sending, pause) == sending)
            {
                await wake.CancelAsync();
                break;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            try
            {
                await shards.RenewAsync(mayRelease: false, cancellationToken);
            }
            catch (MySqlException exception)
            {
                Log.RenewalFailed(logger, exception);
            }

            if (shards.Remaining == TimeSpan.Zero || fences.Any(held => !shards.Held.TryGetValue(held.Key, out var fence) || fence != held.Value))
            {
                return sending.IsCompleted;
            }
        }

        return true;
    }

    private async Task EndAsync()
    {
        await sender.AbandonAsync();
        try
        {
            using var patience = new CancellationTokenSource(Release);
            await shards.ReleaseAllAsync(patience.Token);
            Log.Ended(logger, shards.Relay);
        }
        catch (Exception exception) when (exception is MySqlException or OperationCanceledException)
        {
            Log.RoundFailed(logger, exception, 1);
        }
    }

    private IEnumerable<int> Rotated(IEnumerable<int> held)
    {
        var all = held.Order().ToList();
        var first = _turn++ % all.Count;
        return all.Skip(first).Concat(all.Take(first));
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stoppingToken) =>
        await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static TimeSpan AtLeast(TimeSpan least, TimeSpan span) => span < least ? least : span;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
