using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Protocol.Apis;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka.Groups;

/// <summary>
/// One group of the classic protocol: members join, the first of them assigns, all sync. Every change of membership begins a new
/// generation. https://cwiki.apache.org/confluence/display/KAFKA/Kafka+Client-side+Assignment+Proposal, KIP-345, KIP-394.
/// </summary>
/// <remarks>
/// Everything happens under one lock; one timer per group stands for all its deadlines. This file answers the requests, Group.Rebalance.cs
/// leads from one generation to the next.
/// </remarks>
internal sealed partial class Group : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ILogger _logger;
    private readonly Timer _timer;
    private readonly Membership _members = new();
    private readonly Dictionary<string, long> _promisedIds = new(StringComparer.Ordinal); // ids given out, not yet joined with, and until when
    private string? _protocol;
    private long _rebalanceDeadline;

    public Group(string id, ILogger logger)
    {
        Id = id;
        _logger = logger;
        _timer = new Timer(_ => OnTimer());
    }

    public string Id { get; }

    public GroupState State { get; private set; } = GroupState.Empty;

    /// <summary>"consumer" for consumers; Connect and others have their own. Empty until a member has joined.</summary>
    public string ProtocolType { get; private set; } = "";

    public int Generation { get; private set; }

    /// <summary>Since when the group has no members.</summary>
    public DateTimeOffset EmptySince { get; private set; } = DateTimeOffset.UtcNow;

    private bool HasAllMembersJoined => _promisedIds.Count == 0 && _members.All.All(m => m.Joining is not null);

    /// <summary>Joins, completing when the whole group has.</summary>
    public Task<JoinGroup.Response> JoinAsync(JoinGroup.Request request, string clientId, string clientHost)
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
                return Refuse(ErrorCode.CoordinatorNotAvailable); // deleted this moment; the client asks again

            if (!_members.Supports(ProtocolType, request))
                return Refuse(ErrorCode.InconsistentGroupProtocol);

            if (request.MemberId.Length == 0)
            {
                var newId = $"{request.GroupInstanceId ?? clientId}-{Guid.NewGuid()}";
                if (request.GroupInstanceId is { } instanceId && _members.FindStatic(instanceId) is { } old)
                    return ReplaceStaticMember(old, newId, request, clientId, clientHost);

                if (request.GroupInstanceId is null && request.MustKnowMemberId)
                {
                    _promisedIds[newId] = Environment.TickCount64 + request.SessionTimeoutMs;
                    ArmTimer();
                    return Task.FromResult(JoinGroup.Response.Failed(ErrorCode.MemberIdRequired, newId));
                }

                return AddMember(newId, request, clientId, clientHost);
            }

            if (_promisedIds.Remove(request.MemberId))
                return AddMember(request.MemberId, request, clientId, clientHost);

            if (_members.Find(request.MemberId, request.GroupInstanceId, out var member) is var error and not ErrorCode.None)
                return Refuse(error);

            // Joining again without news is answered from the current generation: the first answer may have been lost.
            var mayAnswerNow = State == GroupState.CompletingRebalance || (State == GroupState.Stable && member!.Id != _members.LeaderId);
            if (mayAnswerNow && member!.HasSameProtocols(request.Protocols))
            {
                member.Touch();
                return Task.FromResult(JoinResponseFor(member));
            }

            return Rejoin(member!, request);
        }

        Task<JoinGroup.Response> Refuse(ErrorCode error) => Task.FromResult(JoinGroup.Response.Failed(error, request.MemberId));
    }

    /// <summary>Hands in the leader's assignment and completes with the member's own, once the leader's is there.</summary>
    public Task<SyncGroup.Response> SyncAsync(SyncGroup.Request request)
    {
        lock (_gate)
        {
            var error = _members.Find(request.MemberId, request.GroupInstanceId, out var member);
            if (error == ErrorCode.None)
                error = request.GenerationId != Generation ? ErrorCode.IllegalGeneration
                    : State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
            if (error != ErrorCode.None)
                return Task.FromResult(SyncGroup.Response.Failed(error));

            if (State == GroupState.Stable)
            {
                member!.Touch();
                return Task.FromResult(new SyncGroup.Response(ErrorCode.None, member.Assignment));
            }

            member!.Syncing?.TrySetResult(SyncGroup.Response.Failed(ErrorCode.RebalanceInProgress));
            var waiting = NewCompletion<SyncGroup.Response>();
            member.Syncing = waiting;
            if (member.Id == _members.LeaderId)
                TakeAssignment(request.Assignments);

            return waiting.Task;
        }
    }

    public ErrorCode Heartbeat(Heartbeat.Request request)
    {
        lock (_gate)
        {
            if (_members.Find(request.MemberId, request.GroupInstanceId, out var member) is var error and not ErrorCode.None)
                return error;

            if (request.GenerationId != Generation)
                return ErrorCode.IllegalGeneration;

            member!.Touch();
            return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    public ErrorCode Leave(LeaveGroup.Member leaving)
    {
        lock (_gate)
        {
            var memberId = leaving.MemberId;
            if (memberId.Length == 0 && leaving.GroupInstanceId is { } instanceId)
            {
                // A tool removes a static member by its instance, whatever member id it has.
                if (_members.FindStatic(instanceId) is not { } current)
                    return ErrorCode.UnknownMemberId;

                memberId = current.Id;
            }

            if (_promisedIds.Remove(memberId))
            {
                CompleteJoinIfAllJoined();
                return ErrorCode.None;
            }

            if (_members.Find(memberId, leaving.GroupInstanceId, out var member) is var error and not ErrorCode.None)
                return error;

            Remove(member!);
            return ErrorCode.None;
        }
    }

    /// <summary>Tells whether a commit is from who may commit, and runs <paramref name="store"/> if so, before anything else can happen to the group.</summary>
    public ErrorCode Commit(OffsetCommit.Request request, Action store)
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
                return ErrorCode.CoordinatorNotAvailable;

            // Without a generation: a consumer that assigns its partitions itself, or a tool. Only while no member could be in the way.
            if (request.GenerationId >= 0 || State != GroupState.Empty)
            {
                if (State == GroupState.Empty && request.GenerationId >= 0)
                    return ErrorCode.IllegalGeneration;

                if (_members.Find(request.MemberId, request.GroupInstanceId, out var member) is var error and not ErrorCode.None)
                    return error;

                if (request.GenerationId != Generation)
                    return ErrorCode.IllegalGeneration;

                if (State == GroupState.CompletingRebalance)
                    return ErrorCode.RebalanceInProgress;

                member!.Touch();
            }

            store();
            return ErrorCode.None;
        }
    }

    /// <summary>Marks the group deleted, if it has no members.</summary>
    public bool TryDelete()
    {
        lock (_gate)
        {
            if (State != GroupState.Empty || _promisedIds.Count > 0)
                return false;

            State = GroupState.Dead;
            return true;
        }
    }

    /// <summary>Tells whether a member reads the topic. True too while that is not known: members that are not consumers, or in a rebalance.</summary>
    public bool IsSubscribedTo(string topic)
    {
        lock (_gate)
            return _members.Count > 0 && (State != GroupState.Stable || _members.All.Any(m => Subscription.Includes(m.MetadataFor(_protocol), topic)));
    }

    public DescribeGroups.GroupResult Describe()
    {
        lock (_gate)
        {
            // Metadata and assignments mean something only in a generation that is complete.
            var stable = State == GroupState.Stable;
            return new(ErrorCode.None, Id, State.ToString(), ProtocolType, stable ? _protocol ?? "" : "", [.. _members.All.Select(m =>
                new DescribeGroups.MemberResult(m.Id, m.InstanceId, m.ClientId, m.ClientHost, stable ? m.MetadataFor(_protocol) : [], stable ? m.Assignment : []))]);
        }
    }

    /// <summary>Answers everyone who waits: the broker stops.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            State = GroupState.Dead;
            _timer.Dispose();
            foreach (var member in _members.All)
            {
                member.AnswerJoin(JoinGroup.Response.Failed(ErrorCode.CoordinatorNotAvailable, member.Id));
                member.AnswerSync(SyncGroup.Response.Failed(ErrorCode.CoordinatorNotAvailable));
            }
        }
    }

    private static TaskCompletionSource<T> NewCompletion<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
