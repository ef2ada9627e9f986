using System.Diagnostics;
using EventDriven.EmbeddedKafka.Groups;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Server;
using EventDriven.EmbeddedKafka.Storage;
using EventDriven.EmbeddedKafka.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventDriven.EmbeddedKafka.Tests;

/// <summary>Requests that real clients sent, mutated: the decoder may refuse them, and nothing else.</summary>
public sealed class FuzzTests(Brokers brokers)
{
    private const long AllocationLimit = 64 * 1024 * 1024;

    [Fact]
    public async Task Mutated_requests_of_real_clients_neither_crash_nor_exhaust_the_decoder()
    {
        var seeds = await CaptureAsync();
        Assert.True(seeds.Select(s => s[1]).Distinct().Count() >= 14, "The seeds cover most APIs.");

        // FUZZ_SECONDS for a longer run, FUZZ_SEED to repeat one.
        var duration = TimeSpan.FromSeconds(Setting("FUZZ_SECONDS", 4));
        var seed = Setting("FUZZ_SEED", Environment.TickCount);
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        using var data = DataDirectory.Open(folder.Path);
        using var topics = TopicStore.Open(data.Topics, NullLogger.Instance);
        using var offsets = OffsetStore.Open(data.Offsets);
        using var groups = new GroupCoordinator(offsets, topics, TimeSpan.FromSeconds(1), NullLogger.Instance);
        var apis = new ApiTable(new BrokerIdentity("127.0.0.1", 1, "c"), topics, groups, new ProducerIds(data.ProducerIds), NullLogger.Instance);

        var clock = Stopwatch.StartNew();
        var (answered, refused) = (0, 0);
        while (clock.Elapsed < duration)
        {
            var request = Mutate(seeds[random.Next(seeds.Count)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Answer(apis, request);
                answered++;
            }
            catch (ProtocolException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"FUZZ_SEED={seed}: {Convert.ToHexString(request)} gave {e}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < AllocationLimit, $"FUZZ_SEED={seed}: {request.Length} bytes made the decoder allocate {allocated}.");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{answered} answered, {refused} refused, seed {seed}");
        Assert.True(answered > 100 && refused > 100, $"Mutation went too far or not far enough: {answered} answered, {refused} refused.");
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;

    // As a connection does it, but without waiting: what a handler waits for is not the decoder's business.
    private static void Answer(ApiTable apis, byte[] request)
    {
        if (request.Length < RequestHeader.FixedLength)
            return;

        var key = new KafkaReader(request, flexible: false);
        var api = apis.Find((ApiKey)key.ReadInt16());
        var version = key.ReadInt16();
        if (api is null || !api.Supports(version))
            throw new ProtocolException("not supported");

        RequestHeader.Read(request, api.IsFlexible(version), out var body);
        using var stop = new CancellationTokenSource();
        var answer = api.Answer(body, new RequestContext("fuzz", "/127.0.0.1", version), stop.Token);
        if (!answer.IsCompleted)
        {
            stop.Cancel();
            return;
        }

        using var writer = new KafkaWriter { Flexible = api.IsFlexible(version) };
        answer.GetAwaiter().GetResult()?.Write(writer, version);
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var request = seed.ToArray();
        for (var mutations = random.Next(1, 5); mutations > 0; mutations--)
        {
            var at = random.Next(request.Length);
            switch (random.Next(6))
            {
                case 0:
                    request[at] = (byte)random.Next(256);
                    break;
                case 1:
                    request[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    request = request[..Math.Max(at, RequestHeader.FixedLength)];
                    break;
                case 3:
                    request = [.. request[..at], .. request[random.Next(request.Length)..]];
                    break;
                case 4 when at + 4 <= request.Length:
                    // Lengths and counts that lie.
                    int[] values = [-2, -1, 0, 1, 0x7fff, 100_000, 0x00ffffff, int.MaxValue, int.MinValue];
                    System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(at), values[random.Next(values.Length)]);
                    break;
                default:
                    var version = random.Next(12);
                    request[3] = (byte)version;
                    break;
            }

            if (request.Length < RequestHeader.FixedLength)
                return request;
        }

        return request;
    }

    private async Task<List<byte[]>> CaptureAsync()
    {
        var address = await brokers.GetAsync(BrokerKind.Embedded);
        await using var proxy = new Proxy(address);
        var clients = new Clients(proxy.BootstrapServers);
        var topic = await clients.CreateTopicAsync(3);
        var group = Clients.UniqueName("fuzz");
        await clients.ProduceAsync(topic, 200);
        using (var admin = clients.Admin())
        {
            await using (var member = new GroupMember(clients, group, topic))
                await Wait.UntilAsync(() => member.Received.Count == 200);

            await admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 4 }]);
            await admin.DescribeConfigsAsync([new() { Type = Confluent.Kafka.Admin.ResourceType.Topic, Name = topic }]);
            await admin.ListConsumerGroupsAsync();
            await admin.DescribeConsumerGroupsAsync([group]);
            await admin.ListConsumerGroupOffsetsAsync([new(group, null)]);
            await admin.DeleteRecordsAsync([new(topic, 0, 10)]);
            await admin.DeleteConsumerGroupOffsetsAsync(group, [new(topic, 0)]);
            await admin.DeleteGroupsAsync([group]);
            await admin.DeleteTopicsAsync([topic]);
        }

        return [.. proxy.Requests];
    }
}
