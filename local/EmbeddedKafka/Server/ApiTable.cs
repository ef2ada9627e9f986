using EventDriven.EmbeddedKafka.Groups;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Protocol.Apis;
using EventDriven.EmbeddedKafka.Storage;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka.Server;

/// <summary>
/// Every API answered, with its versions. What ApiVersions tells clients is this table, so it cannot promise what is not there.
/// </summary>
internal sealed class ApiTable
{
    private readonly Dictionary<ApiKey, Api> _apis;

    public ApiTable(BrokerIdentity identity, TopicStore topics, GroupCoordinator groups, ProducerIds producerIds, ILogger logger)
    {
        var records = new RecordsHandler(topics);
        var admin = new TopicsHandler(identity, topics, groups, logger);
        var sessions = new ClusterHandler(identity, topics, producerIds);
        Api[] apis =
        [
            // Produce 0 to 2 carry message formats before 2 and are refused one by one; older librdkafka looks for them before it compresses.
            Api.Define(ApiKey.Produce, 0, 8, Produce.Request.Read, records.Produce),
            Api.Define(ApiKey.Fetch, 4, 11, Fetch.Request.Read, async (r, _, ct) => await records.FetchAsync(r, ct)),
            Api.Define(ApiKey.ListOffsets, 1, 5, ListOffsets.Request.Read, records.ListOffsets),
            Api.Define(ApiKey.OffsetForLeaderEpoch, 2, 3, OffsetForLeaderEpoch.Request.Read, records.OffsetForLeaderEpoch),
            Api.Define(ApiKey.DeleteRecords, 0, 1, DeleteRecords.Request.Read, records.DeleteRecords),

            Api.Define(ApiKey.Metadata, 0, 8, Metadata.Request.Read, sessions.Metadata),
            Api.Define(ApiKey.ApiVersions, 0, 3, ApiVersions.Request.Read, _ => Versions(ErrorCode.None), flexibleFrom: 3),
            Api.Define(ApiKey.FindCoordinator, 0, 2, FindCoordinator.Request.Read, sessions.FindCoordinator),
            Api.Define(ApiKey.InitProducerId, 0, 4, InitProducerId.Request.Read, sessions.InitProducerId, flexibleFrom: 2),
            Api.Define(ApiKey.DescribeAcls, 0, 1, DescribeAcls.Request.Read, _ => new DescribeAcls.Response()),
            Api.Define(ApiKey.CreateAcls, 0, 1, CreateAcls.Request.Read, r => new CreateAcls.Response(r.Count)),
            Api.Define(ApiKey.DeleteAcls, 0, 1, DeleteAcls.Request.Read, r => new DeleteAcls.Response(r.Count)),

            Api.Define(ApiKey.CreateTopics, 0, 4, CreateTopics.Request.Read, admin.Create),
            Api.Define(ApiKey.DeleteTopics, 0, 3, DeleteTopics.Request.Read, admin.Delete),
            Api.Define(ApiKey.CreatePartitions, 0, 1, CreatePartitions.Request.Read, admin.CreatePartitions),
            Api.Define(ApiKey.DescribeConfigs, 0, 2, DescribeConfigs.Request.Read, admin.DescribeConfigs),
            Api.Define(ApiKey.IncrementalAlterConfigs, 0, 0, IncrementalAlterConfigs.Request.Read, admin.AlterConfigs),

            Api.Define(ApiKey.JoinGroup, 0, 5, JoinGroup.Request.Read, async (r, c, ct) => await groups.JoinAsync(r, c.ClientId, c.ClientHost, ct)),
            Api.Define(ApiKey.SyncGroup, 0, 3, SyncGroup.Request.Read, async (r, _, ct) => await groups.SyncAsync(r, ct)),
            Api.Define(ApiKey.Heartbeat, 0, 3, Heartbeat.Request.Read, groups.Heartbeat),
            Api.Define(ApiKey.LeaveGroup, 0, 3, LeaveGroup.Request.Read, groups.Leave),
            Api.Define(ApiKey.OffsetCommit, 2, 7, OffsetCommit.Request.Read, groups.Commit),
            Api.Define(ApiKey.OffsetFetch, 1, 5, OffsetFetch.Request.Read, groups.Fetch),
            Api.Define(ApiKey.OffsetDelete, 0, 0, OffsetDelete.Request.Read, groups.DeleteOffsets),
            Api.Define(ApiKey.DescribeGroups, 0, 4, DescribeGroups.Request.Read, groups.Describe),
            Api.Define(ApiKey.ListGroups, 0, 5, ListGroups.Request.Read, groups.List, flexibleFrom: 3),
            Api.Define(ApiKey.DeleteGroups, 0, 1, DeleteGroups.Request.Read, groups.Delete),
        ];
        _apis = apis.ToDictionary(a => a.Key);
    }

    public IReadOnlyCollection<Api> All => _apis.Values;

    public Api? Find(ApiKey key) => _apis.GetValueOrDefault(key);

    /// <summary>The table itself, as clients ask for it; with an error when they asked in a version that is not answered (KIP-511).</summary>
    public ApiVersions.Response Versions(ErrorCode error) =>
        new(error, [.. _apis.Values.OrderBy(a => a.Key).Select(a => new ApiVersions.Range(a.Key, a.MinVersion, a.MaxVersion))]);
}
