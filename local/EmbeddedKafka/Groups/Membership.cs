using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Protocol.Apis;

namespace EventDriven.EmbeddedKafka.Groups;

/// <summary>Who is in a group: members by id, static ones by their instance too, and which of them leads. Used under the group's lock.</summary>
internal sealed class Membership
{
    private readonly Dictionary<string, Member> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Member> _byInstance = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Member> All => _byId.Values;

    public int Count => _byId.Count;

    /// <summary>The member that assigns; null before the first generation and after the leader has gone.</summary>
    public string? LeaderId { get; set; }

    /// <summary>How long a rebalance may take: as long as the slowest member asks for.</summary>
    public TimeSpan LongestRebalanceTimeout => All.Max(m => m.RebalanceTimeout);

    public Member? FindStatic(string instanceId) => _byInstance.GetValueOrDefault(instanceId);

    /// <summary>Finds a member by the id it calls itself and, for a static one, the instance it claims to be.</summary>
    public ErrorCode Find(string memberId, string? instanceId, out Member? member)
    {
        member = null;
        if (instanceId is not null)
        {
            if (FindStatic(instanceId) is not { } current)
                return ErrorCode.UnknownMemberId;

            if (current.Id != memberId)
                return ErrorCode.FencedInstanceId; // another process has taken its place
        }

        return _byId.TryGetValue(memberId, out member) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    public void Add(Member member)
    {
        _byId.Add(member.Id, member);
        if (member.InstanceId is { } instanceId)
            _byInstance[instanceId] = member;
    }

    /// <summary>Puts a static member that came back under a new id where it was before.</summary>
    public void Replace(Member old, Member member)
    {
        var led = LeaderId == old.Id;
        Remove(old);
        Add(member);
        if (led)
            LeaderId = member.Id;
    }

    public void Remove(Member member)
    {
        _byId.Remove(member.Id);
        if (member.InstanceId is { } instanceId && FindStatic(instanceId) == member)
            _byInstance.Remove(instanceId);

        if (LeaderId == member.Id)
            LeaderId = null;
    }

    /// <summary>Tells whether one who joins has a protocol that all members know too.</summary>
    public bool Supports(string protocolType, JoinGroup.Request joining)
    {
        if (joining.ProtocolType.Length == 0 || joining.Protocols.Length == 0)
            return false;

        return Count == 0 || (joining.ProtocolType == protocolType && joining.Protocols.Any(p => IsCommon(p.Name)));
    }

    /// <summary>Of the protocols all members know, the one that most of them like best.</summary>
    public string ChooseProtocol()
    {
        var common = All.First().Protocols.Select(p => p.Name).Where(IsCommon).ToList();
        return common.MaxBy(name => All.Count(m => m.Protocols.First(p => common.Contains(p.Name)).Name == name))!;
    }

    private bool IsCommon(string protocol) => All.All(m => m.Protocols.Any(p => p.Name == protocol));
}
