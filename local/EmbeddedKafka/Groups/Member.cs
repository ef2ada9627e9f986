using EventDriven.EmbeddedKafka.Protocol.Apis;

namespace EventDriven.EmbeddedKafka.Groups;

/// <summary>A member of a group. Used under the group's lock.</summary>
internal sealed class Member(string id, string? instanceId, string clientId, string clientHost)
{
    public string Id { get; } = id;

    /// <summary>Set for a static member: it may go away and come back under a new id without a rebalance (KIP-345).</summary>
    public string? InstanceId { get; } = instanceId;

    public string ClientId { get; } = clientId;

    public string ClientHost { get; } = clientHost;

    public TimeSpan SessionTimeout { get; set; }

    public TimeSpan RebalanceTimeout { get; set; }

    /// <summary>What the member can do, best first.</summary>
    public IReadOnlyList<JoinGroup.Protocol> Protocols { get; set; } = [];

    public byte[] Assignment { get; set; } = [];

    /// <summary>The join the member waits in; null when it waits in none.</summary>
    public TaskCompletionSource<JoinGroup.Response>? Joining { get; set; }

    /// <summary>The sync the member waits in; null when it waits in none.</summary>
    public TaskCompletionSource<SyncGroup.Response>? Syncing { get; set; }

    /// <summary>When it is taken for dead, by the clock of <see cref="Environment.TickCount64"/>. Not while it waits for an answer.</summary>
    public long ExpiresAt { get; private set; }

    public bool IsWaiting => Joining is not null || Syncing is not null;

    /// <summary>The member has been heard of.</summary>
    public void Touch() => ExpiresAt = Environment.TickCount64 + (long)SessionTimeout.TotalMilliseconds;

    public byte[] MetadataFor(string? protocol) => Protocols.FirstOrDefault(p => p.Name == protocol)?.Metadata ?? [];

    public bool HasSameProtocols(IReadOnlyList<JoinGroup.Protocol> other) =>
        Protocols.Count == other.Count && Protocols.Zip(other).All(p => p.First.Name == p.Second.Name && p.First.Metadata.AsSpan().SequenceEqual(p.Second.Metadata));

    /// <summary>Answers the join the member waits in, if it does.</summary>
    public void AnswerJoin(JoinGroup.Response response)
    {
        if (Joining is not { } waiting)
            return;

        Joining = null;
        Touch();
        waiting.TrySetResult(response);
    }

    /// <summary>Answers the sync the member waits in, if it does.</summary>
    public void AnswerSync(SyncGroup.Response response)
    {
        if (Syncing is not { } waiting)
            return;

        Syncing = null;
        Touch();
        waiting.TrySetResult(response);
    }
}
