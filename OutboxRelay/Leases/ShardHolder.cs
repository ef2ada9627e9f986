using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventDriven.OutboxRelay.Leases;

/// <summary>The shards this relay holds, and until when it may rely on that without asking.</summary>
internal sealed class ShardHolder(LeaseStore store, IOptions<RelayOptions> options, TimeProvider time, ILogger<ShardHolder> logger)
{
    private readonly TimeSpan _lease = options.Value.Lease;
    private long? _renewed;

    /// <summary>This relay's name, another one in each process.</summary>
    public string Relay { get; } = $"{Environment.MachineName[..Math.Min(Environment.MachineName.Length, 60)]}-{Environment.ProcessId}-{Random.Shared.GetHexString(8)}";

    /// <summary>The shards held, with their fences; empty when the lease may have run out.</summary>
    public IReadOnlyDictionary<int, ulong> Held { get; private set; } = new Dictionary<int, ulong>();

    /// <summary>When the lease is to be renewed: at a third of it.</summary>
    public TimeSpan UntilRenewal => _renewed is { } renewed ? Positive((_lease / 3) - time.GetElapsedTime(renewed)) : TimeSpan.Zero;

    /// <summary>For how long nothing may take the shards away: measured from before the renewal was asked for, less a tenth for clocks that differ in speed.</summary>
    public TimeSpan Remaining => _renewed is { } renewed ? Positive((_lease * 0.9) - time.GetElapsedTime(renewed)) : TimeSpan.Zero;

    /// <summary>Renews.</summary>
    /// <param name="mayRelease">Whether shards may be given up to other relays: not while rows are in flight.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task RenewAsync(bool mayRelease, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var held = await store.RenewAsync(Relay, _lease, mayRelease, cancellationToken);
        if (!held.Keys.ToHashSet().SetEquals(Held.Keys))
        {
            Log.ShardsChanged(logger, Relay, Held.Count, held.Count);
        }

        (Held, _renewed) = (held, asked);
    }

    /// <summary>Gives up all shards at the end.</summary>
    public async Task ReleaseAllAsync(CancellationToken cancellationToken)
    {
        (Held, _renewed) = (new Dictionary<int, ulong>(), null);
        await store.ReleaseAllAsync(Relay, cancellationToken);
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
