using Confluent.Kafka;
using EventDriven.EmbeddedKafka.Tests.Support;

namespace EventDriven.EmbeddedKafka.Tests.Conformance;

public sealed class ProduceAndConsumeTests(Brokers brokers)
{
    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Records_of_a_partition_come_in_the_order_they_were_sent(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(3);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(p => clients.ProduceAsync(topic, 2000, p)));

        for (var p = 0; p < 3; p++)
        {
            var records = clients.Read(topic, 2000, p);
            Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{i}"), records.Select(r => r.Message.Value));
            Assert.Equal(Enumerable.Range(0, 2000).Select(i => (long)i), records.Select(r => r.Offset.Value));
        }
    }

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
}
