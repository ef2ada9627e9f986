using EventDriven.EmbeddedKafka.Groups;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Protocol.Apis;
using EventDriven.EmbeddedKafka.Storage;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka.Server;

/// <summary>Answers what changes or shows topics and their settings.</summary>
internal sealed class TopicsHandler(BrokerIdentity identity, TopicStore topics, GroupCoordinator groups, ILogger logger)
{
    private const int DefaultPartitions = 1;

    /// <summary>Every partition has a folder and an open file, so their number is bounded.</summary>
    private const int MaxPartitions = 10_000;

    public CreateTopics.Response Create(CreateTopics.Request request) => new([.. request.Topics.Select(t =>
    {
        var (error, message) = Create(t, request.ValidateOnly);
        return new CreateTopics.TopicResult(t.Name, error, message);
    })]);

    public DeleteTopics.Response Delete(DeleteTopics.Request request) => new([.. request.Topics.Select(name => (name, Delete(name)))]);

    public CreatePartitions.Response CreatePartitions(CreatePartitions.Request request) => new([.. request.Topics.Select(t =>
    {
        var (error, message) = AddPartitions(t, request.ValidateOnly);
        return new CreateTopics.TopicResult(t.Name, error, message);
    })]);

    public DescribeConfigs.Response DescribeConfigs(DescribeConfigs.Request request) => new([.. request.Resources.Select(Describe)]);

    public IncrementalAlterConfigs.Response AlterConfigs(IncrementalAlterConfigs.Request request) => new([.. request.Resources.Select(r =>
    {
        var (error, message) = Alter(r, request.ValidateOnly);
        return new IncrementalAlterConfigs.ResourceResult(error, message, r.Type, r.Name);
    })]);

    private (ErrorCode Error, string? Message) Create(CreateTopics.Topic topic, bool validateOnly)
    {
        if (!TopicName.IsValid(topic.Name))
            return (ErrorCode.InvalidTopic, $"A topic's name has 1 to {TopicName.MaxLength} ASCII letters, digits, '.', '_' or '-'.");

        if (topics.Find(topic.Name) is not null)
            return AlreadyExists(topic.Name);

        var partitions = topic.Partitions;
        if (topic.Assignments.Length > 0)
        {
            if (topic.Partitions != -1 || topic.ReplicationFactor != -1)
                return (ErrorCode.InvalidRequest, "With an assignment, partitions and replication factor must be -1.");

            if (topic.Assignments.Any(a => a.BrokerIds is not [BrokerIdentity.NodeId])
                || !topic.Assignments.Select(a => a.Partition).Order().SequenceEqual(Enumerable.Range(0, topic.Assignments.Length)))
            {
                return (ErrorCode.InvalidReplicaAssignment, Refusal.OneBroker);
            }

            partitions = topic.Assignments.Length;
        }
        else if (topic.ReplicationFactor is not (1 or -1))
        {
            return (ErrorCode.InvalidReplicationFactor, Refusal.OneBroker);
        }

        partitions = partitions == -1 ? DefaultPartitions : partitions;
        if (partitions is < 1 or > MaxPartitions)
            return (ErrorCode.InvalidPartitions, $"The number of partitions must be between 1 and {MaxPartitions}.");

        var config = TopicConfig.Create(topic.Configs.Select(c => KeyValuePair.Create(c.Name, c.Value)), out var problem);
        if (config is null)
            return (ErrorCode.InvalidConfig, problem);

        if (validateOnly)
            return default;

        return Attempt(topic.Name, "creation", () =>
        {
            if (!topics.TryCreate(topic.Name, partitions, config))
                return AlreadyExists(topic.Name);

            Log.TopicCreated(logger, topic.Name, partitions);
            return default;
        });

        static (ErrorCode, string) AlreadyExists(string name) => (ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
    }

    private ErrorCode Delete(string name) => Attempt(name, "deletion", () =>
    {
        if (!topics.TryDelete(name))
            return (ErrorCode.UnknownTopicOrPartition, null);

        groups.RemoveTopic(name);
        Log.TopicDeleted(logger, name);
        return default;
    }).Error;

    private (ErrorCode Error, string? Message) AddPartitions(CreatePartitions.Topic request, bool validateOnly)
    {
        if (topics.Find(request.Name) is not { } topic)
            return (ErrorCode.UnknownTopicOrPartition, "There is no such topic.");

        var present = topic.Partitions.Count;
        if (request.Count <= present || request.Count > MaxPartitions)
            return (ErrorCode.InvalidPartitions, $"The topic has {present} partitions; the new number must be higher, up to {MaxPartitions}.");

        if (request.Assignments is { } assignments
            && (assignments.Length != request.Count - present || assignments.Any(a => a is not [BrokerIdentity.NodeId])))
        {
            return (ErrorCode.InvalidReplicaAssignment, Refusal.OneBroker);
        }

        if (validateOnly)
            return default;

        return Attempt(request.Name, "adding partitions", () =>
        {
            topics.AddPartitions(topic, request.Count);
            return default;
        });
    }

    private DescribeConfigs.ResourceResult Describe(DescribeConfigs.Resource resource)
    {
        IEnumerable<DescribeConfigs.Entry> entries;
        switch (resource.Type)
        {
            case Protocol.Apis.DescribeConfigs.TopicResource when topics.Find(resource.Name) is { } topic:
                entries = topic.Config.Describe();
                break;
            case Protocol.Apis.DescribeConfigs.TopicResource:
                return Failed(ErrorCode.UnknownTopicOrPartition, "There is no such topic.");
            case Protocol.Apis.DescribeConfigs.BrokerResource when resource.Name == BrokerIdentity.NodeId.ToString(System.Globalization.CultureInfo.InvariantCulture):
                entries = DescribeBroker();
                break;
            default:
                return Failed(ErrorCode.InvalidRequest, $"Only topics and broker {BrokerIdentity.NodeId} have settings.");
        }

        return new(ErrorCode.None, null, resource.Type, resource.Name, [.. entries.Where(e => resource.Keys?.Contains(e.Name, StringComparer.Ordinal) != false)]);

        DescribeConfigs.ResourceResult Failed(ErrorCode error, string message) => new(error, message, resource.Type, resource.Name, []);
    }

    private DescribeConfigs.Entry[] DescribeBroker() =>
    [
        Static("advertised.listeners", $"PLAINTEXT://{identity.Host}:{identity.Port}"),
        Static("auto.create.topics.enable", "false"),
        Static("default.replication.factor", "1"),
        Static("num.partitions", DefaultPartitions.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];

    private static DescribeConfigs.Entry Static(string name, string value) => new(name, value, ReadOnly: true, Protocol.Apis.DescribeConfigs.Source.StaticBroker);

    private (ErrorCode Error, string? Message) Alter(IncrementalAlterConfigs.Resource resource, bool validateOnly)
    {
        if (resource.Type != Protocol.Apis.DescribeConfigs.TopicResource)
            return (ErrorCode.InvalidRequest, "Only settings of topics can be changed.");

        if (topics.Find(resource.Name) is not { } topic)
            return (ErrorCode.UnknownTopicOrPartition, "There is no such topic.");

        var values = topic.Config.Overrides.ToDictionary(c => c.Key, c => (string?)c.Value, StringComparer.Ordinal);
        foreach (var change in resource.Changes)
        {
            if (change.Operation == IncrementalAlterConfigs.Operation.Set)
                values[change.Name] = change.Value;
            else if (change.Operation == IncrementalAlterConfigs.Operation.Delete)
                values.Remove(change.Name);
            else
                return (ErrorCode.InvalidConfig, $"{change.Name} is not a list that could be appended to or subtracted from.");
        }

        var config = TopicConfig.Create(values, out var problem);
        if (config is null)
            return (ErrorCode.InvalidConfig, problem);

        return validateOnly ? default : Attempt(resource.Name, "changing settings", () =>
        {
            topics.ChangeConfig(topic, config);
            return default;
        });
    }

    private (ErrorCode Error, string? Message) Attempt(string topic, string operation, Func<(ErrorCode, string?)> action)
    {
        try
        {
            return action();
        }
        catch (IOException e)
        {
            Log.TopicOperationFailed(logger, e, topic, operation);
            return (ErrorCode.KafkaStorageError, e.Message);
        }
    }
}
