using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Protocol.Apis;
using EventDriven.EmbeddedKafka.Storage;

namespace EventDriven.EmbeddedKafka.Server;

/// <summary>Answers what clients ask before they get to work: who is there, who coordinates, who am I.</summary>
internal sealed class ClusterHandler(BrokerIdentity identity, TopicStore topics, ProducerIds producerIds)
{
    public Metadata.Response Metadata(Metadata.Request request) => new(
        BrokerIdentity.NodeId,
        identity.Host,
        identity.Port,
        identity.ClusterId,
        request.Topics is { } names ? [.. names.Select(n => Describe(n, topics.Find(n)))] : [.. topics.All.Select(t => Describe(t.Name, t))]);

    public FindCoordinator.Response FindCoordinator(FindCoordinator.Request request) =>
        request.KeyType == Protocol.Apis.FindCoordinator.Group
            ? new(ErrorCode.None, null, BrokerIdentity.NodeId, identity.Host, identity.Port)
            : new(ErrorCode.TransactionalIdAuthorizationFailed, Refusal.NoTransactions, -1, "", -1);

    public InitProducerId.Response InitProducerId(InitProducerId.Request request)
    {
        // An error that clients take as final. "No coordinator yet" would have them ask for ever.
        if (request.TransactionalId is not null)
            return new(ErrorCode.TransactionalIdAuthorizationFailed, -1, -1);

        try
        {
            return new(ErrorCode.None, producerIds.Next(), 0);
        }
        catch (IOException)
        {
            return new(ErrorCode.CoordinatorNotAvailable, -1, -1); // the disk is full: clients try again
        }
    }

    private static Metadata.TopicResult Describe(string name, Topic? topic) =>
        topic is not null ? new(ErrorCode.None, name, topic.Partitions.Count, PartitionLog.LeaderEpoch)
        : new(TopicName.IsValid(name) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopic, name, 0, -1);
}
