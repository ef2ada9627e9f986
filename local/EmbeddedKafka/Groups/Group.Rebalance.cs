using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Protocol.Apis;

namespace EventDriven.EmbeddedKafka.Groups;

/// <content>From one generation to the next, and what happens when a deadline passes. All of it runs under the lock that the requests take.</content>
internal sealed partial class Group
{
    private Task<JoinGroup.Response> AddMember(string id, JoinGroup.Request request, string clientId, string clientHost)
    {
        var member = new Member(id, request.GroupInstanceId, clientId, clientHost);
        if (_members.Count == 0)
            ProtocolType = request.ProtocolType;

        _members.Add(member);
        return Rejoin(member, request);
    }

    private Task<JoinGroup.Response> ReplaceStaticMember(Member old, string newId, JoinGroup.Request request, string clientId, string clientHost)
    {
        old.AnswerJoin(JoinGroup.Response.Failed(ErrorCode.FencedInstanceId, old.Id));
        old.AnswerSync(SyncGroup.Response.Failed(ErrorCode.FencedInstanceId));
        var member = new Member(newId, old.InstanceId, clientId, clientHost) { Assignment = old.Assignment };
        var formerLeader = _members.LeaderId;
        _members.Replace(old, member);

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
            foreach (var member in _members.All)
            {
                member.AnswerSync(SyncGroup.Response.Failed(ErrorCode.RebalanceInProgress));
                member.Assignment = State == GroupState.CompletingRebalance ? [] : member.Assignment;
            }

            State = GroupState.PreparingRebalance;
            _rebalanceDeadline = Environment.TickCount64 + (long)_members.LongestRebalanceTimeout.TotalMilliseconds;
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
        foreach (var late in _members.All.Where(m => m.Joining is null && m.InstanceId is null).ToList())
            Forget(late);

        if (_members.Count == 0)
        {
            Generation++;
            BecomeEmpty();
            return;
        }

        var joined = _members.All.Where(m => m.Joining is not null).ToList();
        if (joined.Count == 0)
        {
            _rebalanceDeadline = Environment.TickCount64 + (long)_members.LongestRebalanceTimeout.TotalMilliseconds;
            ArmTimer();
            return;
        }

        Generation++;
        if (joined.All(m => m.Id != _members.LeaderId))
            _members.LeaderId = joined[0].Id;

        _protocol = _members.ChooseProtocol();
        State = GroupState.CompletingRebalance;
        _rebalanceDeadline = Environment.TickCount64 + (long)_members.LongestRebalanceTimeout.TotalMilliseconds;
        Log.GenerationBegun(_logger, Id, Generation, _members.Count, _protocol);
        foreach (var member in joined)
            member.AnswerJoin(JoinResponseFor(member));

        ArmTimer();
    }

    private JoinGroup.Response JoinResponseFor(Member member) => new(
        ErrorCode.None,
        Generation,
        _protocol ?? "",
        _members.LeaderId ?? "",
        member.Id,
        member.Id == _members.LeaderId
            ? [.. _members.All.Select(m => new JoinGroup.MemberMetadata(m.Id, m.InstanceId, m.MetadataFor(_protocol)))]
            : []);

    private void TakeAssignment(IReadOnlyList<SyncGroup.Assignment> assignments)
    {
        State = GroupState.Stable;
        foreach (var member in _members.All)
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
        _members.Remove(member);
    }

    private void BecomeEmpty()
    {
        State = GroupState.Empty;
        EmptySince = DateTimeOffset.UtcNow;
        _protocol = null;
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

            foreach (var member in _members.All.Where(m => !m.IsWaiting && m.ExpiresAt <= now).ToList())
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
                foreach (var member in _members.All.Where(m => m.Syncing is null).ToList())
                    Remove(member);
            }

            ArmTimer();
        }
    }

    private void ArmTimer()
    {
        var next = long.MaxValue;
        foreach (var member in _members.All)
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
