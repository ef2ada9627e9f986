using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Protocol.Apis;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka.Groups;

/// <summary>
/// One group of the classic protocol: members join, the first of them assigns, all sync. Every change of membership begins a new
/// generation. https://cwiki.apache.org/confluence/display/KAFKA/Kafka+Client-side+Assignment+Proposal, KIP-345, KIP-394.
/// </summary>
/// <remarks>Everything happens under one lock; one timer per group stands for all its deadlines.</remarks>
internal sealed class Group : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ILogger _logger;
    private readonly Timer _timer;
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _staticMembers = new(StringComparer.Ordinal); // instance id to member id
    private readonly Dictionary<string, long> _promisedIds = new(StringComparer.Ordinal); // ids given out, not yet joined with, and until when
    private string? _leaderId;
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

    private bool HasAllMembersJoined => _promisedIds.Count == 0 && _members.Values.All(m => m.Joining is not null);

    /// <summary>Joins, completing when the whole group has.</summary>
    public Task<JoinGroup.Response> JoinAsync(JoinGroup.Request request, string clientId, string clientHost)
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
                return Refuse(ErrorCode.CoordinatorNotAvailable); // deleted this moment; the client asks again

            if (!Supports(request))
                return Refuse(ErrorCode.InconsistentGroupProtocol);

            if (request.MemberId.Length == 0)
            {
                var newId = $"{request.GroupInstanceId ?? clientId}-{Guid.NewGuid()}";
                if (request.GroupInstanceId is { } instanceId && _staticMembers.TryGetValue(instanceId, out var oldId))
                    return ReplaceStaticMember(_members[oldId], newId, request, clientId, clientHost);

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

            if (FindMember(request.MemberId, request.GroupInstanceId, out var member) is var error and not ErrorCode.None)
                return Refuse(error);

            // Joining again without news is answered from the current generation: the first answer may have been lost.
            var mayAnswerNow = State == GroupState.CompletingRebalance || (State == GroupState.Stable && member!.Id != _leaderId);
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
            var error = FindMember(request.MemberId, request.GroupInstanceId, out var member);
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
            if (member.Id == _leaderId)
                TakeAssignment(request.Assignments);

            return waiting.Task;
        }
    }

    public ErrorCode Heartbeat(Heartbeat.Request request)
    {
        lock (_gate)
        {
            if (FindMember(request.MemberId, request.GroupInstanceId, out var member) is var error and not ErrorCode.None)
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
                if (!_staticMembers.TryGetValue(instanceId, out memberId))
                    return ErrorCode.UnknownMemberId;
            }

            if (_promisedIds.Remove(memberId))
            {
                CompleteJoinIfAllJoined();
                return ErrorCode.None;
            }

            if (FindMember(memberId, leaving.GroupInstanceId, out var member) is var error and not ErrorCode.None)
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

                if (FindMember(request.MemberId, request.GroupInstanceId, out var member) is var error and not ErrorCode.None)
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
            return _members.Count > 0 && (State != GroupState.Stable || _members.Values.Any(m => Subscription.Includes(m.MetadataFor(_protocol), topic)));
    }

    public DescribeGroups.GroupResult Describe()
    {
        lock (_gate)
        {
            // Metadata and assignments mean something only in a generation that is complete.
            var stable = State == GroupState.Stable;
            return new(ErrorCode.None, Id, State.ToString(), ProtocolType, stable ? _protocol ?? "" : "", [.. _members.Values.Select(m =>
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
            foreach (var member in _members.Values)
            {
                member.AnswerJoin(JoinGroup.Response.Failed(ErrorCode.CoordinatorNotAvailable, member.Id));
                member.AnswerSync(SyncGroup.Response.Failed(ErrorCode.CoordinatorNotAvailable));
            }
        }
    }

    private static TaskCompletionSource<T> NewCompletion<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Finds a member by the id it calls itself and, for a static one, the instance it claims to be.</summary>
    private ErrorCode FindMember(string memberId, string? instanceId, out Member? member)
    {
        member = null;
        if (instanceId is not null)
        {
            if (!_staticMembers.TryGetValue(instanceId, out var currentId))
                return ErrorCode.UnknownMemberId;

            if (currentId != memberId)
                return ErrorCode.FencedInstanceId; // another process has taken its place
        }

        return _members.TryGetValue(memberId, out member) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    private bool Supports(JoinGroup.Request request)
    {
        if (request.ProtocolType.Length == 0 || request.Protocols.Length == 0)
            return false;

        return _members.Count == 0
            || (request.ProtocolType == ProtocolType
                && request.Protocols.Any(p => _members.Values.All(m => m.Protocols.Any(q => q.Name == p.Name))));
    }

    private Task<JoinGroup.Response> AddMember(string id, JoinGroup.Request request, string clientId, string clientHost)
    {
        var member = new Member(id, request.GroupInstanceId, clientId, clientHost);
        if (_members.Count == 0)
            ProtocolType = request.ProtocolType;

        _members.Add(id, member);
        if (member.InstanceId is { } instanceId)
            _staticMembers[instanceId] = id;

        return Rejoin(member, request);
    }

    private Task<JoinGroup.Response> ReplaceStaticMember(Member old, string newId, JoinGroup.Request request, string clientId, string clientHost)
    {
        old.AnswerJoin(JoinGroup.Response.Failed(ErrorCode.FencedInstanceId, old.Id));
        old.AnswerSync(SyncGroup.Response.Failed(ErrorCode.FencedInstanceId));
        var member = new Member(newId, old.InstanceId, clientId, clientHost) { Assignment = old.Assignment };
        _members.Remove(old.Id);
        _members.Add(newId, member);
        _staticMembers[old.InstanceId!] = newId;
        var formerLeader = _leaderId;
        if (_leaderId == old.Id)
            _leaderId = newId;

        if (State != GroupState.Stable || !old.HasSameProtocols(request.Protocols))
            return Rejoin(member, request);

        // Back with the same subscription: it gets what it had, nobody else notices. The former leader id is named as leader, so that
        // the member does not take it upon itself to assign anew.
        Update(member, request);
        ArmTimer();
        return Task.FromResult(JoinResponseFor(member) with { LeaderId = formerLeader ?? "", Members = [] });
    }

    private static void Update(Member member, JoinGroup.Request request)
    {
        member.Protocols = request.Protocols;
        member.SessionTimeout = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        member.RebalanceTimeout = TimeSpan.FromMilliseconds(Math.Max(0, request.RebalanceTimeoutMs));
        member.Touch();
    }

    private Task<JoinGroup.Response> Rejoin(Member member, JoinGroup.Request request)
    {
        Update(member, request);
        member.Joining?.TrySetResult(JoinGroup.Response.Failed(ErrorCode.UnknownMemberId, member.Id)); // a retry over a second connection
        var waiting = NewCompletion<JoinGroup.Response>();
        member.Joining = waiting;
        PrepareRebalance();
        return waiting.Task;
    }

    private void PrepareRebalance()
    {
        if (State != GroupState.PreparingRebalance)
        {
            foreach (var member in _members.Values)
            {
                member.AnswerSync(SyncGroup.Response.Failed(ErrorCode.RebalanceInProgress));
                member.Assignment = State == GroupState.CompletingRebalance ? [] : member.Assignment;
            }

            State = GroupState.PreparingRebalance;
            _rebalanceDeadline = Environment.TickCount64 + (long)_members.Values.Max(m => m.RebalanceTimeout).TotalMilliseconds;
        }

        CompleteJoinIfAllJoined();
    }

    private void CompleteJoinIfAllJoined()
    {
        if (State == GroupState.PreparingRebalance && HasAllMembersJoined)
            CompleteJoin();
        else
            ArmTimer();
    }

    /// <summary>Begins the generation with who has joined.</summary>
    private void CompleteJoin()
    {
        // A static member that has not joined keeps its place until its session ends; others were too late.
        foreach (var late in _members.Values.Where(m => m.Joining is null && m.InstanceId is null).ToList())
            Forget(late);

        if (_members.Count == 0)
        {
            Generation++;
            BecomeEmpty();
            return;
        }

        var joined = _members.Values.Where(m => m.Joining is not null).ToList();
        if (joined.Count == 0)
        {
            _rebalanceDeadline = Environment.TickCount64 + (long)_members.Values.Max(m => m.RebalanceTimeout).TotalMilliseconds;
            ArmTimer();
            return;
        }

        Generation++;
        if (joined.All(m => m.Id != _leaderId))
            _leaderId = joined[0].Id;

        _protocol = ChooseProtocol();
        State = GroupState.CompletingRebalance;
        _rebalanceDeadline = Environment.TickCount64 + (long)_members.Values.Max(m => m.RebalanceTimeout).TotalMilliseconds;
        Log.GenerationBegun(_logger, Id, Generation, _members.Count, _protocol);
        foreach (var member in joined)
            member.AnswerJoin(JoinResponseFor(member));

        ArmTimer();
    }

    private JoinGroup.Response JoinResponseFor(Member member) => new(
        ErrorCode.None,
        Generation,
        _protocol ?? "",
        _leaderId ?? "",
        member.Id,
        member.Id == _leaderId
            ? [.. _members.Values.Select(m => new JoinGroup.MemberMetadata(m.Id, m.InstanceId, m.MetadataFor(_protocol)))]
            : []);

    /// <summary>Of the protocols all members know, the one that most of them like best.</summary>
    private string ChooseProtocol()
    {
        var common = _members.Values.First().Protocols.Select(p => p.Name)
            .Where(name => _members.Values.All(m => m.Protocols.Any(p => p.Name == name)))
            .ToList();
        return common.MaxBy(name => _members.Values.Count(m => m.Protocols.First(p => common.Contains(p.Name)).Name == name))!;
    }

    private void TakeAssignment(IReadOnlyList<SyncGroup.Assignment> assignments)
    {
        State = GroupState.Stable;
        foreach (var member in _members.Values)
        {
            member.Assignment = assignments.LastOrDefault(a => a.MemberId == member.Id)?.Bytes ?? [];
            member.AnswerSync(new(ErrorCode.None, member.Assignment));
        }

        ArmTimer();
    }

    private void Remove(Member member)
    {
        Forget(member);
        if (_members.Count == 0)
        {
            Generation++;
            BecomeEmpty();
        }
        else if (State == GroupState.PreparingRebalance)
        {
            CompleteJoinIfAllJoined();
        }
        else
        {
            PrepareRebalance();
        }
    }

    private void Forget(Member member)
    {
        member.AnswerJoin(JoinGroup.Response.Failed(ErrorCode.UnknownMemberId, member.Id));
        member.AnswerSync(SyncGroup.Response.Failed(ErrorCode.UnknownMemberId));
        _members.Remove(member.Id);
        if (member.InstanceId is { } instanceId && _staticMembers.GetValueOrDefault(instanceId) == member.Id)
            _staticMembers.Remove(instanceId);

        if (_leaderId == member.Id)
            _leaderId = null;
    }

    private void BecomeEmpty()
    {
        State = GroupState.Empty;
        EmptySince = DateTimeOffset.UtcNow;
        _protocol = null;
        _leaderId = null;
        ArmTimer();
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
                return;

            var now = Environment.TickCount64;
            var promiseBroken = false;
            foreach (var id in _promisedIds.Where(p => p.Value <= now).Select(p => p.Key).ToList())
                promiseBroken |= _promisedIds.Remove(id);

            foreach (var member in _members.Values.Where(m => !m.IsWaiting && m.ExpiresAt <= now).ToList())
            {
                Log.MemberExpired(_logger, Id, member.Id);
                Remove(member);
            }

            if (promiseBroken)
                CompleteJoinIfAllJoined();

            if (_rebalanceDeadline <= now && State == GroupState.PreparingRebalance)
            {
                CompleteJoin();
            }
            else if (_rebalanceDeadline <= now && State == GroupState.CompletingRebalance)
            {
                // Who has joined but not synced holds up everyone.
                foreach (var member in _members.Values.Where(m => m.Syncing is null).ToList())
                    Remove(member);
            }

            ArmTimer();
        }
    }

    private void ArmTimer()
    {
        var next = long.MaxValue;
        foreach (var member in _members.Values)
        {
            if (!member.IsWaiting)
                next = Math.Min(next, member.ExpiresAt);
        }

        foreach (var deadline in _promisedIds.Values)
            next = Math.Min(next, deadline);

        if (State is GroupState.PreparingRebalance or GroupState.CompletingRebalance)
            next = Math.Min(next, _rebalanceDeadline);

        var wait = next == long.MaxValue ? Timeout.Infinite : Math.Clamp(next - Environment.TickCount64, 1, int.MaxValue);
        _timer.Change(wait, Timeout.Infinite);
    }
}
