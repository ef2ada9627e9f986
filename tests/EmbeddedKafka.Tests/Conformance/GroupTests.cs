using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EventDriven.EmbeddedKafka.Tests.Support;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace EventDriven.EmbeddedKafka.Tests.Conformance;

public sealed class GroupTests(Brokers brokers)
{
    private const int Partitions = 6;

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_group_resumes_where_it_committed(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        var group = Clients.UniqueName("group");
        await clients.ProduceAsync(topic, 100);

        using (var first = clients.Consumer(group))
        {
            first.Subscribe(topic);
            first.Commit(Clients.Take(first, 40)[^1]);
            first.Close();
        }

        using var second = clients.Consumer(group);
        second.Subscribe(topic);
        Assert.Equal("40", Clients.Take(second, 1)[0].Message.Value);
    }

    [Theory]
    [InlineData(BrokerKind.Embedded, PartitionAssignmentStrategy.Range), InlineData(BrokerKind.Apache, PartitionAssignmentStrategy.Range)]
    [InlineData(BrokerKind.Embedded, PartitionAssignmentStrategy.RoundRobin), InlineData(BrokerKind.Apache, PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(BrokerKind.Embedded, PartitionAssignmentStrategy.CooperativeSticky), InlineData(BrokerKind.Apache, PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Members_share_the_partitions_and_take_over_those_of_one_that_leaves(BrokerKind kind, PartitionAssignmentStrategy strategy)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(Partitions);
        var group = Clients.UniqueName("group");

        await using var first = new GroupMember(clients, group, topic, c => c.PartitionAssignmentStrategy = strategy);
        await Wait.UntilAsync(() => first.Assigned.Count == Partitions);

        // Both times a heartbeat (200 ms) has to be enough: the session timeout is 30 s.
        var clock = Stopwatch.StartNew();
        await using var second = new GroupMember(clients, group, topic, c => c.PartitionAssignmentStrategy = strategy);
        await Wait.UntilAsync(() => first.Assigned.Count == 3 && second.Assigned.Count == 3);
        Assert.Empty(first.Assigned.Intersect(second.Assigned));

        await second.DisposeAsync();
        await Wait.UntilAsync(() => first.Assigned.Count == Partitions);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"The rebalances took {clock.Elapsed}.");
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task The_partitions_of_a_dead_member_go_to_the_others_after_its_session(BrokerKind kind)
    {
        var address = await brokers.GetAsync(kind);
        var clients = new Clients(address);
        var topic = await clients.CreateTopicAsync(Partitions);
        var group = Clients.UniqueName("group");
        await using var proxy = new Proxy(address);
        static void Short(ConsumerConfig c) => (c.SessionTimeoutMs, c.HeartbeatIntervalMs) = (1500, 200);

        await using var survivor = new GroupMember(clients, group, topic, Short);
        await using var victim = new GroupMember(new Clients(proxy.BootstrapServers), group, topic, Short);
        await Wait.UntilAsync(() => survivor.Assigned.Count == 3 && victim.Assigned.Count == 3);

        proxy.IsSilent = true;
        await Wait.UntilAsync(() => survivor.Assigned.Count == Partitions);

        // Back again, it is told that it is out, joins, and the group shares once more.
        proxy.IsSilent = false;
        await Wait.UntilAsync(() => survivor.Assigned.Count == 3 && victim.Assigned.Count == 3);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Every_record_reaches_the_group_while_members_come_and_go(BrokerKind kind)
    {
        const int Count = 3000;
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(Partitions);
        var group = Clients.UniqueName("group");
        static void Short(ConsumerConfig c) => (c.SessionTimeoutMs, c.HeartbeatIntervalMs) = (1500, 200);
        var members = new List<GroupMember>();
        var producing = Task.WhenAll(Enumerable.Range(0, Partitions).Select(p => clients.ProduceAsync(topic, Count / Partitions, p)));
        try
        {
            for (var i = 0; i < 3; i++)
            {
                members.Add(new GroupMember(clients, group, topic, Short));
                await Wait.UntilAsync(() => members[^1].Assigned.Count > 0);
                if (i == 1)
                    await members[0].AbandonAsync();
            }

            await producing;
            await Wait.UntilAsync(() => members.SelectMany(m => m.Received).Select(r => r.TopicPartitionOffset).Distinct().Count() == Count);
        }
        finally
        {
            foreach (var member in members)
                await member.DisposeAsync();
        }
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_static_member_comes_back_without_a_rebalance(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(Partitions);
        var group = Clients.UniqueName("group");
        GroupMember Start(string instance) => new(clients, group, topic, c => c.GroupInstanceId = instance);

        await using var other = Start("other");
        var leaver = Start("leaver");
        await Wait.UntilAsync(() => other.Assigned.Count == 3 && leaver.Assigned.Count == 3);
        var (kept, had, revocations) = (other.Assigned.ToHashSet(), leaver.Assigned.ToHashSet(), other.Revocations);

        await leaver.DisposeAsync();
        await using var back = Start("leaver");
        await Wait.UntilAsync(() => back.Assigned.Count == 3);

        Assert.Equal(had, back.Assigned.ToHashSet());
        Assert.Equal(kept, other.Assigned.ToHashSet());
        Assert.Equal(revocations, other.Revocations);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Of_two_with_the_same_instance_id_the_older_is_fenced(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        var group = Clients.UniqueName("group");
        using var old = clients.Consumer(group, c => c.GroupInstanceId = "one");
        old.Subscribe(topic);
        await clients.ProduceAsync(topic, 1);
        Clients.Take(old, 1);

        await using var young = new GroupMember(clients, group, topic, c => c.GroupInstanceId = "one");
        await Wait.UntilAsync(() => young.Received.Count == 1);

        await Wait.UntilAsync(() =>
        {
            try
            {
                old.Consume(TimeSpan.FromMilliseconds(100));
                return false;
            }
            catch (KafkaException e)
            {
                // The first sign may be the error itself, or that the consumer is already broken by it.
                return e.Error.Code is ErrorCode.FencedInstanceId or ErrorCode.Local_Fatal;
            }
        });
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Lag_is_what_was_written_and_not_yet_committed(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(2);
        var group = Clients.UniqueName("group");
        await clients.ProduceAsync(topic, 30, partition: 0);
        await clients.ProduceAsync(topic, 10, partition: 1);
        using (var consumer = clients.Consumer(group))
        {
            consumer.Assign(new TopicPartition(topic, 0));
            consumer.Commit([new TopicPartitionOffset(topic, 0, 12)]);
        }

        using var admin = clients.Admin();
        var committed = Assert.Single(await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, null)]));
        var only = Assert.Single(committed.Partitions);
        Assert.Equal((0, 12L), (only.Partition.Value, only.Offset.Value));

        var ends = await admin.ListOffsetsAsync(Enumerable.Range(0, 2).Select(p =>
            new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, p), OffsetSpec = OffsetSpec.Latest() }));
        Assert.Equal([30L, 10L], ends.ResultInfos.OrderBy(r => r.TopicPartitionOffsetError.Partition.Value).Select(r => r.TopicPartitionOffsetError.Offset.Value));
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Groups_are_listed_described_and_deleted(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(2);
        var group = Clients.UniqueName("group");
        using var admin = clients.Admin();
        await clients.ProduceAsync(topic, 1);

        await using (var member = new GroupMember(clients, group, topic, c => c.ClientId = "the-client"))
        {
            await Wait.UntilAsync(() => member.Assigned.Count == 2 && !member.Received.IsEmpty);

            var listed = await admin.ListConsumerGroupsAsync();
            Assert.Equal(ConsumerGroupState.Stable, Assert.Single(listed.Valid, g => g.GroupId == group).State);

            var described = Assert.Single((await admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions);
            Assert.Equal(ConsumerGroupState.Stable, described.State);
            Assert.Equal("range", described.PartitionAssignor);
            var only = Assert.Single(described.Members);
            Assert.Equal("the-client", only.ClientId);
            Assert.Equal("/127.0.0.1", only.Host);
            Assert.Equal([0, 1], only.Assignment.TopicPartitions.Select(p => p.Partition.Value).Order());

            var refused = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([group]));
            Assert.Equal(ErrorCode.NonEmptyGroup, refused.Results[0].Error.Code);
        }

        var empty = Assert.Single((await admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions);
        Assert.Equal(ConsumerGroupState.Empty, empty.State);
        await admin.DeleteGroupsAsync([group]);
        var gone = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([group]));
        Assert.Equal(ErrorCode.GroupIdNotFound, gone.Results[0].Error.Code);
        Assert.DoesNotContain((await admin.ListConsumerGroupsAsync()).Valid, g => g.GroupId == group);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Committed_offsets_are_changed_and_deleted_by_tools(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(2);
        var group = Clients.UniqueName("group");
        using var admin = clients.Admin();
        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(group, [new(topic, 0, 5), new(topic, 1, 6)])]);

        await admin.DeleteConsumerGroupOffsetsAsync(group, [new TopicPartition(topic, 0)]);

        var left = Assert.Single(await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, null)])).Partitions;
        Assert.Equal((1, 6L), (Assert.Single(left).Partition.Value, left[0].Offset.Value));
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_session_shorter_than_allowed_is_refused(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        using var consumer = clients.Consumer(configure: c => (c.SessionTimeoutMs, c.HeartbeatIntervalMs) = (500, 100));
        consumer.Subscribe(topic);

        var error = Assert.Throws<ConsumeException>(() => consumer.Consume(TimeSpan.FromSeconds(10)));
        Assert.Equal(ErrorCode.InvalidSessionTimeout, error.Error.Code);
    }
}
