using System.Text.Json;
using System.Text.RegularExpressions;
using EventDriven.EmbeddedKafka.Tests.Support;

namespace EventDriven.EmbeddedKafka.Tests;

/// <summary>Clients that were not written for this broker: librdkafka of another version, Python, Java.</summary>
public sealed class ForeignClientTests(Brokers brokers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, InlineData("none"), InlineData("gzip"), InlineData("snappy"), InlineData("lz4"), InlineData("zstd")]
    public async Task Kcat_writes_and_reads(string compression)
    {
        Assert.SkipWhen(Find("kcat") is null, "kcat is not installed.");
        var clients = new Clients(await brokers.GetAsync(BrokerKind.Embedded));
        var topic = await clients.CreateTopicAsync(2);
        var lines = Enumerable.Range(0, 500).Select(i => $"line {i}").ToList();

        await RunAsync(Find("kcat")!, ["-b", clients.BootstrapServers, "-P", "-t", topic, "-p", "1", "-z", compression, "-X", "enable.idempotence=true"], string.Join('\n', lines));
        var output = await RunAsync(Find("kcat")!, ["-b", clients.BootstrapServers, "-C", "-t", topic, "-p", "1", "-o", "beginning", "-e", "-q"]);
        Assert.Equal(lines, output.Split('\n'));
    }

    [Fact]
    public async Task Kcat_consumes_as_a_group()
    {
        Assert.SkipWhen(Find("kcat") is null, "kcat is not installed.");
        var clients = new Clients(await brokers.GetAsync(BrokerKind.Embedded));
        var topic = await clients.CreateTopicAsync(3);
        for (var p = 0; p < 3; p++)
            await clients.ProduceAsync(topic, 10, p);

        var output = await RunAsync(
            Find("kcat")!, ["-b", clients.BootstrapServers, "-G", Clients.UniqueName("kcat"), "-X", "auto.offset.reset=earliest", "-e", "-q", topic]);
        Assert.Equal(30, output.Split('\n').Length);
    }

    [Fact]
    public async Task Kafka_python_writes_reads_and_commits()
    {
        const string Program = """
            import sys
            from kafka import KafkaConsumer, KafkaProducer, TopicPartition
            servers, topic, group = sys.argv[1:]
            producer = KafkaProducer(bootstrap_servers=servers, acks='all', compression_type='gzip')
            for i in range(100):
                producer.send(topic, key=b'k', value=b'%d' % i, headers=[('n', b'%d' % i)])
            producer.flush()
            consumer = KafkaConsumer(topic, bootstrap_servers=servers, group_id=group, auto_offset_reset='earliest', enable_auto_commit=False)
            values = []
            while len(values) < 100:
                for records in consumer.poll(timeout_ms=1000).values():
                    values += [int(r.value) for r in records]
            assert values == list(range(100)), values
            consumer.commit()
            assert consumer.committed(TopicPartition(topic, 0)) == 100
            consumer.close()
            print('done')
            """;
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : Find("python3");
        Assert.SkipWhen(python is null, "Python 3 is not installed.");
        var (missing, _) = await ChildProcess.RunAsync(python!, ["-c", "import kafka"], ct: Ct);
        Assert.SkipUnless(missing == 0, "python3-kafka is not installed.");
        var clients = new Clients(await brokers.GetAsync(BrokerKind.Embedded));

        var output = await RunAsync(python!, ["-c", Program, clients.BootstrapServers, await clients.CreateTopicAsync(), Clients.UniqueName("python")]);
        Assert.EndsWith("done", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kafka_topics_and_kafka_configs_manage_a_topic()
    {
        var servers = await ServersForJavaAsync();
        var topic = Clients.UniqueName("java");
        await ToolAsync("kafka-topics.sh", servers, "--create", "--topic", topic, "--partitions", "2", "--config", "retention.ms=1000000");
        Assert.Contains(topic, await ToolAsync("kafka-topics.sh", servers, "--list"), StringComparison.Ordinal);
        await ToolAsync("kafka-topics.sh", servers, "--alter", "--topic", topic, "--partitions", "4");
        var described = await ToolAsync("kafka-topics.sh", servers, "--describe", "--topic", topic);
        Assert.Contains("PartitionCount: 4", described, StringComparison.Ordinal);
        Assert.Contains("retention.ms=1000000", described, StringComparison.Ordinal);

        await ToolAsync("kafka-configs.sh", servers, "--alter", "--topic", topic, "--add-config", "max.message.bytes=2000");
        Assert.Contains("max.message.bytes=2000", await ToolAsync("kafka-configs.sh", servers, "--describe", "--topic", topic), StringComparison.Ordinal);
        await ToolAsync("kafka-topics.sh", servers, "--delete", "--topic", topic);
    }

    [Fact]
    public async Task The_console_producer_and_consumer_and_the_group_tools_work()
    {
        var servers = await ServersForJavaAsync();
        var clients = new Clients(servers);
        var topic = await clients.CreateTopicAsync(2);
        var group = Clients.UniqueName("java");
        await RunAsync(ApacheKafka.Script("kafka-console-producer.sh"), ["--bootstrap-server", servers, "--topic", topic], "one\ntwo\nthree\n", Java());
        var read = await ToolAsync("kafka-console-consumer.sh", servers, "--topic", topic, "--group", group, "--from-beginning", "--max-messages", "3", "--timeout-ms", "60000");
        Assert.Equal(["one", "three", "two"], read.Split('\n').Where(l => l is "one" or "two" or "three").Order());

        Assert.Contains(group, await ToolAsync("kafka-consumer-groups.sh", servers, "--list"), StringComparison.Ordinal);
        var lag = await ToolAsync("kafka-consumer-groups.sh", servers, "--describe", "--group", group);
        Assert.Matches(new Regex($@"{group}\s+{topic}\s+\d\s+\d\s+\d\s+0\s", RegexOptions.None, TimeSpan.FromSeconds(1)), lag);

        await ToolAsync("kafka-consumer-groups.sh", servers, "--reset-offsets", "--to-earliest", "--group", group, "--topic", topic, "--execute");
        using (var consumer = clients.Consumer(group))
            Assert.All(consumer.Committed([new(topic, 0), new(topic, 1)], TimeSpan.FromSeconds(10)), o => Assert.Equal(0, o.Offset.Value));
        await ToolAsync("kafka-consumer-groups.sh", servers, "--delete", "--group", group);
    }

    [Theory, InlineData("org.apache.kafka.clients.consumer.StickyAssignor"), InlineData("org.apache.kafka.clients.consumer.CooperativeStickyAssignor")]
    public async Task The_verifiable_producer_and_consumers_lose_and_double_nothing(string assignor)
    {
        const int Count = 10_000;
        var servers = await ServersForJavaAsync();
        var topic = await new Clients(servers).CreateTopicAsync(4);
        var group = Clients.UniqueName("java");
        string[] arguments = ["--bootstrap-server", servers, "--topic", topic, "--group-id", group, "--reset-policy", "earliest", "--assignment-strategy", assignor, "--session-timeout", "10000"];
        await using var first = ChildProcess.Start(ApacheKafka.Script("kafka-verifiable-consumer.sh"), arguments, Java());
        await using var second = ChildProcess.Start(ApacheKafka.Script("kafka-verifiable-consumer.sh"), arguments, Java());
        var produced = await ToolAsync("kafka-verifiable-producer.sh", servers, "--topic", topic, "--max-messages", $"{Count}", "--acks", "-1");
        Assert.Contains($"\"acked\":{Count}", produced, StringComparison.Ordinal);

        await Wait.UntilAsync(() => Consumed(first) + Consumed(second) >= Count, TimeSpan.FromSeconds(60));
        Assert.Equal(Count, Consumed(first) + Consumed(second));
    }

    [Fact]
    public async Task The_performance_tools_run()
    {
        var servers = await ServersForJavaAsync();
        var topic = await new Clients(servers).CreateTopicAsync(4);
        var produced = await RunAsync(
            ApacheKafka.Script("kafka-producer-perf-test.sh"),
            ["--topic", topic, "--num-records", "50000", "--record-size", "200", "--throughput", "-1", "--producer-props", $"bootstrap.servers={servers}", "acks=all", "compression.type=lz4"],
            environment: Java());
        Assert.Contains("50000 records sent", produced, StringComparison.Ordinal);

        var ends = await ToolAsync("kafka-get-offsets.sh", servers, "--topic", topic);
        Assert.Equal(50_000, ends.Split('\n').Where(l => l.StartsWith(topic, StringComparison.Ordinal)).Sum(l => int.Parse(l.Split(':')[2], System.Globalization.CultureInfo.InvariantCulture)));
    }

    // It tells what it does in one JSON object a line.
    private static int Consumed(ChildProcess consumer) => consumer.StandardOutput
        .Where(l => l.StartsWith('{'))
        .Select(l => JsonDocument.Parse(l).RootElement)
        .Where(e => e.GetProperty("name").GetString() == "records_consumed")
        .Sum(e => e.GetProperty("count").GetInt32());

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    // The tools write logs, which must not land in the distribution.
    private static Dictionary<string, string> Java() => new(StringComparer.Ordinal)
    {
        ["LOG_DIR"] = Path.Combine(Path.GetTempPath(), "embedded-kafka-java-tools"),
        ["KAFKA_HEAP_OPTS"] = "-Xmx128m -XX:TieredStopAtLevel=1",
    };

    private static Task<string> ToolAsync(string script, string servers, params string[] arguments) =>
        RunAsync(ApacheKafka.Script(script), ["--bootstrap-server", servers, .. arguments], environment: Java());

    private static async Task<string> RunAsync(string file, IEnumerable<string> args, string? input = null, Dictionary<string, string>? environment = null)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(file, args, environment, input, Ct);
        Assert.True(exitCode == 0, $"{Path.GetFileName(file)} ended with {exitCode}:\n{output}");
        return output;
    }

    private async Task<string> ServersForJavaAsync()
    {
        Assert.SkipWhen(ApacheKafka.Home is null, ApacheKafka.Absent);
        return await brokers.GetAsync(BrokerKind.Embedded);
    }
}
