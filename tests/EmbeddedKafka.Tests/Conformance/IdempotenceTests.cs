using Confluent.Kafka;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Tests.Support;
using ErrorCode = EventDriven.EmbeddedKafka.Protocol.ErrorCode;

namespace EventDriven.EmbeddedKafka.Tests.Conformance;

public sealed class IdempotenceTests(Brokers brokers)
{
    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Nothing_is_lost_or_doubled_while_a_proxy_loses_answers(BrokerKind kind)
    {
        const int Count = 2000;
        var address = await brokers.GetAsync(kind);
        var clients = new Clients(address);
        var topic = await clients.CreateTopicAsync();
        await using var proxy = new Proxy(address);
        var answers = 0;
        var lost = 0;
        proxy.LoseResponse = key =>
        {
            var loses = key == (short)ApiKey.Produce && Interlocked.Increment(ref answers) % 5 == 0;
            if (loses)
                Interlocked.Increment(ref lost);

            return loses;
        };

        await new Clients(proxy.BootstrapServers).ProduceAsync(
            topic, Count, configure: c => (c.BatchNumMessages, c.ReconnectBackoffMs, c.RetryBackoffMs, c.LogQueue) = (20, 1, 1, false));

        Assert.True(lost > 5, $"Only {lost} answers were lost.");
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), clients.Read(topic, Count).Select(r => r.Message.Value));
        using var consumer = clients.Consumer();
        Assert.Equal(Count, consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10)).High.Value);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_batch_of_the_last_five_sent_again_gets_its_first_offset(BrokerKind kind)
    {
        var address = await brokers.GetAsync(kind);
        var topic = await new Clients(address).CreateTopicAsync();
        using var client = await RawClient.ConnectAsync(address);
        var id = await Batches.NewProducerIdAsync(client);

        for (var i = 0; i < 7; i++)
            Assert.Equal((ErrorCode.None, i * 10L), await Batches.SendAsync(client, topic, Batches.Make(10, id, 0, i * 10)));

        for (var i = 2; i < 7; i++)
            Assert.Equal((ErrorCode.None, i * 10L), await Batches.SendAsync(client, topic, Batches.Make(10, id, 0, i * 10)));

        Assert.Equal((ErrorCode.None, 70L), await Batches.SendAsync(client, topic, Batches.Make(1, id, 0, 70)));
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_gap_in_the_sequence_and_an_old_epoch_are_refused(BrokerKind kind)
    {
        var address = await brokers.GetAsync(kind);
        var topic = await new Clients(address).CreateTopicAsync();
        using var client = await RawClient.ConnectAsync(address);
        var id = await Batches.NewProducerIdAsync(client);

        Assert.Equal(ErrorCode.None, (await Batches.SendAsync(client, topic, Batches.Make(10, id, 0, 0))).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await Batches.SendAsync(client, topic, Batches.Make(10, id, 0, 20))).Error);
        Assert.Equal((ErrorCode.None, 10L), await Batches.SendAsync(client, topic, Batches.Make(10, id, 0, 10)));

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await Batches.SendAsync(client, topic, Batches.Make(1, id, 1, 5))).Error);
        Assert.Equal((ErrorCode.None, 20L), await Batches.SendAsync(client, topic, Batches.Make(1, id, 1, 0)));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, (await Batches.SendAsync(client, topic, Batches.Make(1, id, 0, 20))).Error);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task The_sequence_goes_on_at_zero_after_its_greatest_number(BrokerKind kind)
    {
        var address = await brokers.GetAsync(kind);
        var topic = await new Clients(address).CreateTopicAsync();
        using var client = await RawClient.ConnectAsync(address);
        var id = await Batches.NewProducerIdAsync(client);

        // Of a producer not known yet, any sequence is taken.
        Assert.Equal((ErrorCode.None, 0L), await Batches.SendAsync(client, topic, Batches.Make(4, id, 0, int.MaxValue - 1)));
        Assert.Equal((ErrorCode.None, 4L), await Batches.SendAsync(client, topic, Batches.Make(1, id, 0, 2)));
        Assert.Equal((ErrorCode.None, 0L), await Batches.SendAsync(client, topic, Batches.Make(4, id, 0, int.MaxValue - 1)));
    }
}
