using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Tests.Support;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace EventDriven.EmbeddedKafka.Tests;

/// <summary>What only Apache Kafka does is refused, at once and by an error that clients understand.</summary>
public sealed class RefusalTests(Brokers brokers)
{
    private const short DescribeClientQuotas = 48;
    private const short AlterClientQuotas = 49;
    private const short AddPartitionsToTxn = 24;

    [Fact]
    public async Task Transactions_fail_for_good_instead_of_being_tried_for_ever()
    {
        var clients = new Clients(await brokers.GetAsync(BrokerKind.Embedded));
        using var producer = clients.Producer(c => (c.TransactionalId, c.LogQueue) = ("tx", false));
        var clock = Stopwatch.StartNew();
        var refused = Assert.Throws<KafkaException>(() => producer.InitTransactions(TimeSpan.FromSeconds(30)));

        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, refused.Error.Code);
        Assert.True(refused.Error.IsFatal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_transactional_batch_is_refused()
    {
        var address = await brokers.GetAsync(BrokerKind.Embedded);
        var topic = await new Clients(address).CreateTopicAsync();
        using var client = await RawClient.ConnectAsync(address);
        var batch = Batches.Make(1, producerId: 1, epoch: 0, sequence: 0, attributes: 0x10);
        Assert.Equal(Protocol.ErrorCode.InvalidRecord, (await Batches.SendAsync(client, topic, batch)).Error);
    }

    [Theory]
    [InlineData("cleanup.policy", "compact")]
    [InlineData("cleanup.policy", "compact,delete")]
    [InlineData("compression.type", "zstd")]
    [InlineData("message.timestamp.type", "LogAppendTime")]
    [InlineData("min.insync.replicas", "2")]
    [InlineData("remote.storage.enable", "true")]
    public async Task Settings_that_are_not_implemented_are_no_valid_settings(string name, string value)
    {
        using var admin = new Clients(await brokers.GetAsync(BrokerKind.Embedded)).Admin();
        var topic = new TopicSpecification { Name = Clients.UniqueName("t"), NumPartitions = 1, ReplicationFactor = 1, Configs = new() { [name] = value } };
        var refused = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]));
        Assert.Equal(ErrorCode.InvalidConfig, refused.Results[0].Error.Code);
        Assert.Contains(name, refused.Results[0].Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_is_not_implemented_cannot_be_changed_to_either()
    {
        var clients = new Clients(await brokers.GetAsync(BrokerKind.Embedded));
        var topic = await clients.CreateTopicAsync();
        using var admin = clients.Admin();
        var refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(() => admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [new() { Type = ResourceType.Topic, Name = topic }] =
                [new() { Name = "cleanup.policy", Value = "compact", IncrementalOperation = AlterConfigOpType.Set }],
        }));
        Assert.Equal(ErrorCode.InvalidConfig, refused.Results[0].Error.Code);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Access_rules_get_the_error_of_a_broker_without_an_authorizer(BrokerKind kind)
    {
        var address = await brokers.GetAsync(kind);
        using var admin = new Clients(address).Admin();
        var rule = new AclBinding
        {
            Pattern = new() { Type = ResourceType.Topic, Name = "t", ResourcePatternType = ResourcePatternType.Literal },
            Entry = new() { Principal = "User:a", Host = "*", Operation = AclOperation.Read, PermissionType = AclPermissionType.Allow },
        };

        var create = await Assert.ThrowsAsync<CreateAclsException>(() => admin.CreateAclsAsync([rule]));
        Assert.Equal(ErrorCode.SecurityDisabled, create.Results[0].Error.Code);
        var delete = await Assert.ThrowsAsync<DeleteAclsException>(() => admin.DeleteAclsAsync([rule.ToFilter()]));
        Assert.Equal(ErrorCode.SecurityDisabled, delete.Results[0].Error.Code);

        // librdkafka overlooks the error of this one.
        using var client = await RawClient.ConnectAsync(address);
        var describe = await client.CallAsync((short)ApiKey.DescribeAcls, 1, w =>
        {
            w.WriteInt8(2); // topic
            w.WriteString(null); // name
            w.WriteInt8(3); // literal
            w.WriteString(null); // principal
            w.WriteString(null); // host
            w.WriteInt8(1); // any operation
            w.WriteInt8(1); // any permission
        });
        var reader = new KafkaReader(describe!.Value, flexible: false);
        reader.ReadInt32(); // throttle time
        Assert.Equal(Protocol.ErrorCode.SecurityDisabled, (Protocol.ErrorCode)reader.ReadInt16());
    }

    [Theory, InlineData(DescribeClientQuotas), InlineData(AlterClientQuotas), InlineData(AddPartitionsToTxn)]
    public async Task What_is_not_answered_is_not_advertised_and_closes_the_connection(short apiKey)
    {
        using var client = await RawClient.ConnectAsync(await brokers.GetAsync(BrokerKind.Embedded));
        var response = await client.CallAsync((short)ApiKey.ApiVersions, 0, _ => { });
        var reader = new KafkaReader(response!.Value, flexible: false);
        Assert.Equal(0, reader.ReadInt16());
        Assert.DoesNotContain(apiKey, reader.ReadArray(static (ref r, _) => (r.ReadInt16(), r.ReadInt32()).Item1));

        Assert.Null(await client.CallAsync(apiKey, 0, _ => { }));
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_replica_on_another_broker_cannot_be_assigned(BrokerKind kind)
    {
        using var admin = new Clients(await brokers.GetAsync(kind)).Admin();
        var topic = new TopicSpecification { Name = Clients.UniqueName("t"), NumPartitions = 1, ReplicationFactor = -1, ReplicasAssignments = new() { [0] = [1, 2] } };
        var refused = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, refused.Results[0].Error.Code);
    }
}
