using Confluent.Kafka;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Tests.Support;
using ErrorCode = Confluent.Kafka.ErrorCode;

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
    public async Task Key_value_headers_and_time_come_back_as_sent(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        var time = DateTimeOffset.UtcNow.AddHours(-5); // not older than retention allows
        using (var producer = clients.Producer())
        {
            await producer.ProduceAsync(topic, new Message<string, string>
            {
                Key = "ключ",
                Value = "数値🚀",
                Timestamp = new Timestamp(time),
                Headers = [new Header("id", "7"u8.ToArray()), new Header("tracestate", null)],
            }, TestContext.Current.CancellationToken);
        }

        var record = Assert.Single(clients.Read(topic, 1));
        Assert.Equal(("ключ", "数値🚀"), (record.Message.Key, record.Message.Value));
        Assert.Equal(time.ToUnixTimeMilliseconds(), record.Message.Timestamp.UnixTimestampMs);
        Assert.Equal(TimestampType.CreateTime, record.Message.Timestamp.Type);
        Assert.Equal(["id", "tracestate"], record.Message.Headers.Select(h => h.Key));
        Assert.Null(record.Message.Headers[1].GetValueBytes());
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_new_consumer_replays_from_the_start_or_reads_only_what_is_new(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        await clients.ProduceAsync(topic, 10);

        using var latest = clients.Consumer();
        latest.Assign(new TopicPartitionOffset(topic, 0, latest.QueryWatermarkOffsets(new(topic, 0), TimeSpan.FromSeconds(10)).High));
        await clients.ProduceAsync(topic, 10, from: 10);

        Assert.Equal("10", Clients.Take(latest, 1)[0].Message.Value);
        Assert.Equal("0", clients.Read(topic, 1)[0].Message.Value);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_partition_is_replayed_by_time_whatever_its_compression(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var codecs = Enum.GetValues<CompressionType>();
        var topic = await clients.CreateTopicAsync(codecs.Length);
        var start = DateTimeOffset.UtcNow.AddHours(-5).ToUnixTimeMilliseconds(); // not older than retention allows
        foreach (var codec in codecs)
        {
            // One batch, so that the record has to be found within it.
            using var producer = clients.Producer(c => (c.CompressionType, c.LingerMs) = (codec, 200));
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => producer.ProduceAsync(
                new TopicPartition(topic, (int)codec),
                new Message<string, string> { Key = "k", Value = new string((char)('a' + (i % 26)), 100), Timestamp = new Timestamp(start + (i * 1000L), TimestampType.CreateTime) })));
        }

        using var consumer = clients.Consumer();
        var offsets = consumer.OffsetsForTimes(
            codecs.Select(c => new TopicPartitionTimestamp(topic, (int)c, new Timestamp(start + 299_500, TimestampType.CreateTime))), TimeSpan.FromSeconds(10));
        Assert.All(offsets, o => Assert.Equal(300, o.Offset.Value));

        var afterAll = consumer.OffsetsForTimes(
            [new TopicPartitionTimestamp(topic, 0, new Timestamp(start + 500_000, TimestampType.CreateTime))], TimeSpan.FromSeconds(10));
        Assert.Equal(Offset.End, Assert.Single(afterAll).Offset);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Compressed_batches_come_back_as_sent(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        foreach (var codec in Enum.GetValues<CompressionType>())
        {
            var topic = await clients.CreateTopicAsync();
            await clients.ProduceAsync(topic, 300, configure: c => c.CompressionType = codec);
            Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), clients.Read(topic, 300).Select(r => r.Message.Value));
        }
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Thousands_of_one_message_batches_are_read_back_and_found_by_offset(BrokerKind kind)
    {
        const int Count = 5000;
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        await clients.ProduceAsync(topic, Count, configure: c => (c.LingerMs, c.BatchNumMessages) = (0, 1));

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), clients.Read(topic, Count).Select(r => r.Message.Value));
        foreach (var offset in (long[])[1, 777, 2500, Count - 1])
            Assert.Equal($"{offset}", clients.Read(topic, 1, from: offset)[0].Message.Value);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_batch_over_the_topics_limit_is_refused_and_the_next_is_taken(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(configs: new() { ["max.message.bytes"] = "10000" });
        using var producer = clients.Producer(c => c.EnableIdempotence = false);

        var refused = await Assert.ThrowsAsync<ProduceException<string, string>>(() =>
            producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = new string('x', 20_000) }, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);

        var taken = await producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = "small" }, TestContext.Current.CancellationToken);
        Assert.Equal(0, taken.Offset.Value);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_record_larger_than_what_the_consumer_asks_for_is_delivered_all_the_same(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        using var producer = clients.Producer();
        await producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = new string('x', 500_000) }, TestContext.Current.CancellationToken);
        await producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = "after" }, TestContext.Current.CancellationToken);

        using var consumer = clients.Consumer(configure: c => (c.MaxPartitionFetchBytes, c.FetchMaxBytes, c.MessageMaxBytes) = (1000, 2000, 2000));
        consumer.Assign(new TopicPartitionOffset(topic, 0, 0));
        Assert.Equal([500_000, 5], Clients.Take(consumer, 2).Select(r => r.Message.Value.Length));
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Producers_with_fewer_acks_are_served_too(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        foreach (var acks in (Acks[])[Acks.None, Acks.Leader])
        {
            var topic = await clients.CreateTopicAsync();
            await clients.ProduceAsync(topic, 100, configure: c => (c.EnableIdempotence, c.Acks) = (false, acks));
            Assert.Equal(100, clients.Read(topic, 100).Count);
        }
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task A_waiting_fetch_is_woken_by_the_first_record(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync(4);
        for (var partition = 0; partition < 4; partition++)
        {
            await clients.ProduceAsync(topic, 1, partition: partition);
        }

        using var client = await RawClient.ConnectAsync(clients.BootstrapServers);
        var empty = (await FetchAsync(longestWait: 0))!.Value.Length;

        // A broker that does not wait answers this with as little; one that is not woken answers too late.
        var fetching = FetchAsync(longestWait: 60_000);
        await clients.ProduceAsync(topic, 1, partition: 2);
        var woken = await fetching.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(woken!.Value.Length > empty);

        Task<ReadOnlyMemory<byte>?> FetchAsync(int longestWait) => client.CallAsync((short)ApiKey.Fetch, 4, w =>
        {
            w.WriteInt32(-1); // replica
            w.WriteInt32(longestWait); // in ms
            w.WriteInt32(1); // fewest bytes
            w.WriteInt32(1_000_000); // most bytes
            w.WriteInt8(0); // isolation level
            w.WriteArrayLength(1);
            w.WriteString(topic);
            w.WriteArray([0, 1, 2, 3], static (w, partition) =>
            {
                w.WriteInt32(partition);
                w.WriteInt64(1); // offset
                w.WriteInt32(100_000); // most bytes
            });
        });
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task An_offset_out_of_range_is_reported(BrokerKind kind)
    {
        var clients = new Clients(await brokers.GetAsync(kind));
        var topic = await clients.CreateTopicAsync();
        await clients.ProduceAsync(topic, 10);
        using var consumer = clients.Consumer(configure: c => c.AutoOffsetReset = AutoOffsetReset.Error);
        consumer.Assign(new TopicPartitionOffset(topic, 0, 1000));

        var error = Assert.Throws<ConsumeException>(() => consumer.Consume(TimeSpan.FromSeconds(10)));
        Assert.Equal(ErrorCode.Local_AutoOffsetReset, error.Error.Code);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task Damaged_and_malformed_batches_get_the_right_error(BrokerKind kind)
    {
        var address = await brokers.GetAsync(kind);
        var topic = await new Clients(address).CreateTopicAsync();
        using var client = await RawClient.ConnectAsync(address);

        var damaged = Batches.Make(3);
        damaged[^1] ^= 1;
        Assert.Equal(Protocol.ErrorCode.CorruptMessage, (await Batches.SendAsync(client, topic, damaged)).Error);

        var miscounted = Batches.Make(3);
        miscounted[60] = 4;
        Assert.Equal(Protocol.ErrorCode.InvalidRecord, (await Batches.SendAsync(client, topic, Batches.Seal(miscounted))).Error);

        byte[] two = [.. Batches.Make(1), .. Batches.Make(1)];
        Assert.Equal(Protocol.ErrorCode.InvalidRecord, (await Batches.SendAsync(client, topic, two)).Error);

        var fromTheFuture = Batches.Make(1, timestamp: DateTimeOffset.UtcNow.AddHours(2).ToUnixTimeMilliseconds());
        Assert.Equal(Protocol.ErrorCode.InvalidTimestamp, (await Batches.SendAsync(client, topic, fromTheFuture)).Error);

        Assert.Equal((Protocol.ErrorCode.None, 0L), await Batches.SendAsync(client, topic, Batches.Make(3)));
        Assert.Equal(Protocol.ErrorCode.UnknownTopicOrPartition, (await Batches.SendAsync(client, topic, Batches.Make(1), partition: 7)).Error);
    }
}
