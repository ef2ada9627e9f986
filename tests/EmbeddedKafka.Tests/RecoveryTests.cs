using Confluent.Kafka;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Tests.Support;
using ErrorCode = EventDriven.EmbeddedKafka.Protocol.ErrorCode;

namespace EventDriven.EmbeddedKafka.Tests;

/// <summary>What is there again after a stop, after SIGKILL, and after damage to files.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SIGKILL_in_the_middle_of_producing_loses_and_doubles_nothing_acknowledged()
    {
        const int Kills = 3;
        var ct = TestContext.Current.CancellationToken;
        var broker = await EmbeddedProcess.StartAsync(_folder.Path, 0, ct);
        try
        {
            var clients = new Clients(broker.BootstrapServers);
            var topic = await clients.CreateTopicAsync(2);
            using var producer = clients.Producer(c => (c.ReconnectBackoffMs, c.ReconnectBackoffMaxMs, c.RetryBackoffMs, c.LogQueue) = (10, 100, 10, false));
            var acknowledged = new HashSet<string>[] { [], [] };
            var sent = 0;
            void Send()
            {
                var partition = sent % 2;
                producer.Produce(new TopicPartition(topic, partition), new Message<string, string> { Key = "k", Value = $"{sent++}" }, report =>
                {
                    if (!report.Error.IsError)
                        acknowledged[partition].Add(report.Value);
                });
            }

            for (var kill = 0; kill < Kills; kill++)
            {
                var target = acknowledged.Sum(a => a.Count) + 1000;
                await Wait.UntilAsync(() =>
                {
                    for (var i = 0; i < 50; i++)
                        Send();

                    return acknowledged.Sum(a => a.Count) > target;
                });
                var port = broker.Port;
                for (var i = 0; i < 500; i++)
                    Send(); // some of these are under way when it dies

                await broker.KillAsync();
                await broker.DisposeAsync();
                broker = await EmbeddedProcess.StartAsync(_folder.Path, port, ct);
            }

            producer.Flush(ct);
            Assert.Equal(sent, acknowledged.Sum(a => a.Count));
            for (var p = 0; p < 2; p++)
            {
                var expected = Enumerable.Range(0, sent).Where(i => i % 2 == p).Select(i => $"{i}").ToList();
                Assert.Equal(expected, clients.Read(topic, expected.Count, p).Select(r => r.Message.Value));
                using var consumer = clients.Consumer();
                Assert.Equal(expected.Count, consumer.QueryWatermarkOffsets(new TopicPartition(topic, p), TimeSpan.FromSeconds(10)).High.Value);
            }
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Everything_is_there_again_after_a_restart(bool clean)
    {
        var ct = TestContext.Current.CancellationToken;
        string topic;
        long producerId;
        await using (var broker = await EmbeddedProcess.StartAsync(_folder.Path, 0, ct))
        {
            var clients = new Clients(broker.BootstrapServers);
            topic = await clients.CreateTopicAsync(2, new() { ["segment.bytes"] = "20000", ["retention.ms"] = "-1" });
            await clients.ProduceAsync(topic, 2000, configure: c => c.BatchNumMessages = 10);
            using (var consumer = clients.Consumer("the-group"))
            {
                consumer.Assign(new TopicPartition(topic, 0));
                consumer.Commit([new TopicPartitionOffset(topic, 0, 1234)]);
            }

            using (var admin = clients.Admin())
                await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 700)]);

            using var raw = await RawClient.ConnectAsync(broker.BootstrapServers);
            producerId = await Batches.NewProducerIdAsync(raw);
            Assert.Equal((ErrorCode.None, 0L), await Batches.SendAsync(raw, topic, Batches.Make(5, producerId, 0, 0), partition: 1));

            if (clean)
                Assert.Equal(0, await broker.StopAsync(ct));
            else
                await broker.KillAsync();
        }

        await using (var broker = await EmbeddedProcess.StartAsync(_folder.Path, 0, ct))
        {
            var clients = new Clients(broker.BootstrapServers);
            var records = clients.Read(topic, 1300);
            Assert.Equal(Enumerable.Range(700, 1300).Select(i => $"{i}"), records.Select(r => r.Message.Value));
            Assert.Equal("1500", clients.Read(topic, 1, from: 1500)[0].Message.Value);

            using var consumer = clients.Consumer("the-group");
            Assert.Equal(1234, Assert.Single(consumer.Committed([new TopicPartition(topic, 0)], TimeSpan.FromSeconds(10))).Offset.Value);
            Assert.Equal(700, consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10)).Low.Value);

            using var admin = clients.Admin();
            var settings = await admin.DescribeConfigsAsync([new() { Type = Confluent.Kafka.Admin.ResourceType.Topic, Name = topic }]);
            Assert.Equal("-1", settings[0].Entries["retention.ms"].Value);

            using var raw = await RawClient.ConnectAsync(broker.BootstrapServers);
            Assert.True(await Batches.NewProducerIdAsync(raw) > producerId);
            Assert.Equal((ErrorCode.None, 0L), await Batches.SendAsync(raw, topic, Batches.Make(5, producerId, 0, 0), partition: 1));
            Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await Batches.SendAsync(raw, topic, Batches.Make(5, producerId, 0, 6), partition: 1)).Error);
            Assert.Equal((ErrorCode.None, 5L), await Batches.SendAsync(raw, topic, Batches.Make(5, producerId, 0, 5), partition: 1));
        }
    }

    [Theory]
    [InlineData("half a header")]
    [InlineData("half a batch")]
    [InlineData("a batch with a wrong byte")]
    [InlineData("zeros")]
    public async Task A_torn_end_of_the_log_is_cut_and_writing_goes_on_there(string damage)
    {
        var ct = TestContext.Current.CancellationToken;
        var topic = await WriteAsync(10);
        var log = Directory.GetFiles(_folder.Sub($"topics/{topic}/0"), "*.log").Single();
        var torn = Batches.Make(3);
        RecordBatch.Stamp(torn, 10, 0);
        torn[^1] ^= damage == "a batch with a wrong byte" ? (byte)1 : (byte)0;
        await using (var file = new FileStream(log, FileMode.Append))
        {
            await file.WriteAsync(damage switch
            {
                "half a header" => torn.AsMemory(0, 30),
                "half a batch" => torn.AsMemory(0, torn.Length - 2),
                "zeros" => new byte[5000],
                _ => torn,
            }, ct);
        }

        await using var broker = await EmbeddedBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path }, ct);
        var clients = new Clients(broker.BootstrapServers);
        await clients.ProduceAsync(topic, 5, from: 10);
        Assert.Equal(Enumerable.Range(0, 15).Select(i => $"{i}"), clients.Read(topic, 15).Select(r => r.Message.Value));
    }

    [Fact]
    public async Task Indexes_and_snapshots_are_made_anew_when_they_are_lost_or_damaged()
    {
        var ct = TestContext.Current.CancellationToken;
        var topic = await WriteAsync(3000, new() { ["segment.bytes"] = "20000" });
        var partition = _folder.Sub($"topics/{topic}/0");
        var indexes = Directory.GetFiles(partition, "*.index");
        Assert.True(indexes.Length > 3, "There are several segments.");
        foreach (var file in indexes.Skip(1).Concat(Directory.GetFiles(partition, "*.producers")))
            File.Delete(file);
        await File.WriteAllBytesAsync(indexes[0], new byte[100], ct);

        await using var broker = await EmbeddedBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path }, ct);
        var clients = new Clients(broker.BootstrapServers);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"), clients.Read(topic, 3000).Select(r => r.Message.Value));
        Assert.Equal("1777", clients.Read(topic, 1, from: 1777)[0].Message.Value);
    }

    [Fact]
    public async Task A_torn_entry_of_committed_offsets_is_cut()
    {
        var ct = TestContext.Current.CancellationToken;
        var topic = await WriteAsync(1);
        await CommitAsync(topic, 1);
        await using (var file = new FileStream(_folder.Sub("group-offsets"), FileMode.Append))
            await file.WriteAsync(new byte[] { 0, 0, 0, 40, 1, 2, 3, 4, 5, 6 }, ct);

        Assert.Equal(1, await CommitAsync(topic, 2));
        Assert.Equal(2, await CommitAsync(topic, 3));
    }

    // Starts a broker, commits, stops it; gives what had been committed before.
    private async Task<long> CommitAsync(string topic, long offset)
    {
        await using var broker = await EmbeddedBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path }, TestContext.Current.CancellationToken);
        using var consumer = new Clients(broker.BootstrapServers).Consumer("g");
        var before = consumer.Committed([new TopicPartition(topic, 0)], TimeSpan.FromSeconds(10))[0].Offset.Value;
        consumer.Assign(new TopicPartition(topic, 0));
        consumer.Commit([new TopicPartitionOffset(topic, 0, offset)]);
        return before;
    }

    private async Task<string> WriteAsync(int count, Dictionary<string, string>? configs = null)
    {
        await using var broker = await EmbeddedBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path }, TestContext.Current.CancellationToken);
        var clients = new Clients(broker.BootstrapServers);
        var topic = await clients.CreateTopicAsync(configs: configs);
        await clients.ProduceAsync(topic, count, configure: c => c.BatchNumMessages = 10);
        return topic;
    }
}
