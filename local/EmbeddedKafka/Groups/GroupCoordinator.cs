using System.Collections.Concurrent;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Protocol.Apis;
using EventDriven.EmbeddedKafka.Storage;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka.Groups;

/// <summary>Answers everything that has to do with groups. Offsets survive a restart; members do not, and join again.</summary>
internal sealed class GroupCoordinator(OffsetStore offsets, TopicStore topics, TimeSpan minSessionTimeout, ILogger logger) : IDisposable
{
    /// <summary>Largest metadata with an offset, in characters, as in Apache Kafka (<c>offset.metadata.max.bytes</c>).</summary>
    public const int MaxMetadataLength = 4096;

    /// <summary>How long a group without members keeps its offsets, as in Apache Kafka (<c>offsets.retention.minutes</c>).</summary>
    public static readonly TimeSpan OffsetRetention = TimeSpan.FromDays(7);

    private static readonly TimeSpan MaxSessionTimeout = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Group> _groups = new(StringComparer.Ordinal);

    public async ValueTask<JoinGroup.Response> JoinAsync(JoinGroup.Request request, string clientId, string clientHost, CancellationToken ct)
    {
        if (request.GroupId.Length == 0)
            return JoinGroup.Response.Failed(ErrorCode.InvalidGroupId, request.MemberId);

        if (request.SessionTimeoutMs < minSessionTimeout.TotalMilliseconds || request.SessionTimeoutMs > MaxSessionTimeout.TotalMilliseconds)
            return JoinGroup.Response.Failed(ErrorCode.InvalidSessionTimeout, request.MemberId);

        if (request.MemberId.Length > 0 && !_groups.ContainsKey(request.GroupId))
            return JoinGroup.Response.Failed(ErrorCode.UnknownMemberId, request.MemberId);

        return await GetOrAdd(request.GroupId).JoinAsync(request, clientId, clientHost).WaitAsync(ct);
    }

    public async ValueTask<SyncGroup.Response> SyncAsync(SyncGroup.Request request, CancellationToken ct) =>
        _groups.TryGetValue(request.GroupId, out var group)
            ? await group.SyncAsync(request).WaitAsync(ct)
            : SyncGroup.Response.Failed(ErrorCode.UnknownMemberId);

    public Heartbeat.Response Heartbeat(Heartbeat.Request request) =>
        new(_groups.TryGetValue(request.GroupId, out var group) ? group.Heartbeat(request) : ErrorCode.UnknownMemberId);

    public LeaveGroup.Response Leave(LeaveGroup.Request request) => new(ErrorCode.None, [.. request.Members.Select(m =>
        new LeaveGroup.MemberResult(
            m.MemberId,
            m.GroupInstanceId,
            _groups.TryGetValue(request.GroupId, out var group) ? group.Leave(m) : ErrorCode.UnknownMemberId))]);

    public OffsetCommit.Response Commit(OffsetCommit.Request request)
    {
        var accepted = new List<(string, int, CommittedOffset)>();
        var results = new List<OffsetCommit.TopicResult>();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var topic in request.Topics)
        {
            results.Add(new(topic.Name, [.. topic.Partitions.Select(p =>
            {
                if (topics.FindPartition(topic.Name, p.Index) is null)
                    return new OffsetCommit.PartitionResult(p.Index, ErrorCode.UnknownTopicOrPartition);

                if (p.Metadata?.Length > MaxMetadataLength)
                    return new OffsetCommit.PartitionResult(p.Index, ErrorCode.OffsetMetadataTooLarge);

                accepted.Add((topic.Name, p.Index, new(p.Offset, p.LeaderEpoch, p.Metadata ?? "", now)));
                return new OffsetCommit.PartitionResult(p.Index, ErrorCode.None);
            })]));
        }

        var error = Store(request, accepted);
        return new(error == ErrorCode.None
            ? results
            : [.. request.Topics.Select(t => new OffsetCommit.TopicResult(t.Name, [.. t.Partitions.Select(p => new OffsetCommit.PartitionResult(p.Index, error))]))]);
    }

    public OffsetFetch.Response Fetch(OffsetFetch.Request request)
    {
        if (request.Topics is null)
        {
            return new([.. offsets.All(request.GroupId).GroupBy(o => o.Topic, StringComparer.Ordinal).Select(t =>
                new OffsetFetch.TopicResult(t.Key, [.. t.Select(o => Result(o.Partition, o.Offset))]))]);
        }

        return new([.. request.Topics.Select(t =>
            new OffsetFetch.TopicResult(t.Name, [.. t.Partitions.Select(p => Result(p, offsets.Find(request.GroupId, t.Name, p)))]))]);

        static OffsetFetch.PartitionResult Result(int partition, CommittedOffset? offset) =>
            new(partition, offset?.Offset ?? OffsetFetch.NoOffset, offset?.LeaderEpoch ?? -1, offset?.Metadata ?? "");
    }

    public DescribeGroups.Response Describe(DescribeGroups.Request request) => new([.. request.GroupIds.Select(Describe)]);

    public ListGroups.Response List(ListGroups.Request request) => new([.. offsets.Groups.Union(_groups.Keys, StringComparer.Ordinal)
        .Select(Describe)
        .Where(g => g.State != nameof(GroupState.Dead)
            && (request.States.Length == 0 || request.States.Contains(g.State, StringComparer.OrdinalIgnoreCase))
            && (request.Types.Length == 0 || request.Types.Contains(ListGroups.Classic, StringComparer.OrdinalIgnoreCase)))
        .Select(g => new ListGroups.GroupResult(g.GroupId, g.ProtocolType, g.State))]);

    public DeleteGroups.Response Delete(DeleteGroups.Request request) => new([.. request.GroupIds.Select(id => (id, Delete(id)))]);

    public OffsetDelete.Response DeleteOffsets(OffsetDelete.Request request)
    {
        if (Describe(request.GroupId).State == nameof(GroupState.Dead))
            return new(ErrorCode.GroupIdNotFound, []);

        var group = _groups.GetValueOrDefault(request.GroupId);
        var deleted = new List<(string, int)>();
        var results = request.Topics.Select(t =>
        {
            var error = group?.IsSubscribedTo(t.Name) == true ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
            if (error == ErrorCode.None)
                deleted.AddRange(t.Partitions.Select(p => (t.Name, p)));

            return new OffsetCommit.TopicResult(t.Name, [.. t.Partitions.Select(p => new OffsetCommit.PartitionResult(p, error))]);
        }).ToList();
        try
        {
            offsets.Delete(request.GroupId, deleted);
            return new(ErrorCode.None, results);
        }
        catch (IOException e)
        {
            Log.OffsetsNotStored(logger, e, request.GroupId);
            return new(ErrorCode.CoordinatorNotAvailable, []);
        }
    }

    /// <summary>Forgets what groups have committed of a deleted topic.</summary>
    public void RemoveTopic(string topic)
    {
        foreach (var group in offsets.Groups)
            offsets.Delete(group, [.. offsets.All(group).Where(o => o.Topic == topic).Select(o => (o.Topic, o.Partition))]);
    }

    /// <summary>Forgets the offsets of groups that have had no members, and committed nothing, for <see cref="OffsetRetention"/>.</summary>
    public void ExpireOffsets(DateTimeOffset now)
    {
        var oldest = now - OffsetRetention;
        foreach (var id in offsets.Groups)
        {
            var group = _groups.GetValueOrDefault(id);
            if (group is not null && (group.State != GroupState.Empty || group.EmptySince > oldest))
                continue;

            var expired = offsets.All(id)
                .Where(o => o.Offset.CommittedAt < oldest.ToUnixTimeMilliseconds())
                .Select(o => (o.Topic, o.Partition))
                .ToList();
            if (expired.Count > 0)
                offsets.Delete(id, expired);
        }

        // A group without members and offsets is nothing: it would only make the list of groups longer.
        foreach (var (id, group) in _groups)
        {
            if (!offsets.HasGroup(id) && group.EmptySince < now - TimeSpan.FromMinutes(1) && group.TryDelete())
            {
                _groups.TryRemove(id, out _);
                group.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var group in _groups.Values)
            group.Dispose();
    }

    private Group GetOrAdd(string id) => _groups.GetOrAdd(id, static (id, logger) => new Group(id, logger), logger);

    private DescribeGroups.GroupResult Describe(string id)
    {
        if (_groups.TryGetValue(id, out var group))
        {
            var described = group.Describe();
            if (described.State != nameof(GroupState.Empty) || offsets.HasGroup(id) || group.Generation > 0)
                return described;
        }

        return new(ErrorCode.None, id, offsets.HasGroup(id) ? nameof(GroupState.Empty) : nameof(GroupState.Dead), "", "", []);
    }

    private ErrorCode Store(OffsetCommit.Request request, List<(string, int, CommittedOffset)> accepted)
    {
        if (request.GenerationId >= 0 && !_groups.ContainsKey(request.GroupId))
            return ErrorCode.IllegalGeneration; // of a group that was here before a restart

        try
        {
            return GetOrAdd(request.GroupId).Commit(request, () => offsets.Commit(request.GroupId, accepted));
        }
        catch (IOException e)
        {
            Log.OffsetsNotStored(logger, e, request.GroupId);
            return ErrorCode.CoordinatorNotAvailable;
        }
    }

    private ErrorCode Delete(string id)
    {
        if (Describe(id).State == nameof(GroupState.Dead))
            return ErrorCode.GroupIdNotFound;

        if (_groups.TryGetValue(id, out var group))
        {
            if (!group.TryDelete())
                return ErrorCode.NonEmptyGroup;

            _groups.TryRemove(id, out _);
            group.Dispose();
        }

        try
        {
            offsets.Delete(id, [.. offsets.All(id).Select(o => (o.Topic, o.Partition))]);
            return ErrorCode.None;
        }
        catch (IOException e)
        {
            Log.OffsetsNotStored(logger, e, id);
            return ErrorCode.CoordinatorNotAvailable;
        }
    }
}
