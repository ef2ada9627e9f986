using System.Diagnostics;
using EventDriven.EmbeddedKafka.Tests.Support;

namespace EventDriven.KafkaBench;

/// <summary>Both brokers in turn, the same load on each, several times; medians and their ratio.</summary>
internal static class Compare
{
    private const int SteadyRate = 2000;
    private const int EndToEndRate = 100;
    private static readonly TimeSpan SteadyTime = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int runs, int messages, CancellationToken ct)
    {
        Console.WriteLine($"{runs} runs of {messages} messages of {Load.MessageLength} B, {Load.Partitions} partitions, idempotent, acks=all; then {SteadyRate}/s; then {EndToEndRate}/s end to end");
        if (ApacheKafka.Home is null)
            Console.WriteLine(ApacheKafka.Absent);

        var (embedded, apache) = (new List<Figures>(), new List<Figures>());
        for (var run = 1; run <= runs; run++)
        {
            embedded.Add(await MeasureEmbeddedAsync(messages, ct));
            Console.WriteLine($"run {run} embedded  {embedded[^1]}");
            if (ApacheKafka.Home is null)
                continue;

            apache.Add(await MeasureApacheAsync(messages, ct));
            Console.WriteLine($"run {run} apache    {apache[^1]}");
        }

        var of = Figures.Median(embedded);
        Console.WriteLine($"median embedded {of}");
        if (apache.Count == 0)
            return 0;

        var than = Figures.Median(apache);
        Console.WriteLine($"median apache   {than}");
        Console.WriteLine($"embedded/apache: produce {of.ProducePerSecond / than.ProducePerSecond:F2}, consume {of.ConsumePerSecond / than.ConsumePerSecond:F2}, produce p99 {of.ProduceP99 / than.ProduceP99:F2}, end-to-end p99 {of.EndToEndP99 / than.EndToEndP99:F2}");
        return 0;
    }

    private static async Task<Figures> MeasureEmbeddedAsync(int messages, CancellationToken ct)
    {
        using var folder = new TemporaryFolder();
        await using var broker = await EmbeddedProcess.StartAsync(folder.Path, 0, ct);
        return await MeasureAsync(broker.BootstrapServers, broker.Id, broker.StartTime, messages, ct);
    }

    private static async Task<Figures> MeasureApacheAsync(int messages, CancellationToken ct)
    {
        using var folder = new TemporaryFolder();
        var clock = Stopwatch.StartNew();
        await using var broker = await ApacheBroker.StartAsync(folder.Sub("kafka"), "", ct);
        return await MeasureAsync(broker.BootstrapServers, broker.ProcessId, clock.Elapsed, messages, ct);
    }

    private static async Task<Figures> MeasureAsync(string servers, int processId, TimeSpan startTime, int messages, CancellationToken ct)
    {
        Load.Produce(servers, await Load.CreateTopicAsync(servers), messages / 5, ct); // compilers warm up, on both sides
        var topic = await Load.CreateTopicAsync(servers);
        var produced = Load.Produce(servers, topic, messages, ct);
        var consumed = Load.Consume(servers, topic, messages, ct);
        var latencies = await Load.ProduceSteadilyAsync(servers, await Load.CreateTopicAsync(servers), SteadyRate, SteadyTime, ct);
        var endToEnd = await Load.EndToEndAsync(servers, await Load.CreateTopicAsync(servers), EndToEndRate, SteadyTime, ct);
        return new(
            produced,
            consumed,
            Percentile.Median(latencies),
            Percentile.Of(latencies, 0.99),
            Percentile.Median(endToEnd),
            Percentile.Of(endToEnd, 0.99),
            Linux.ResidentMegabytes(processId),
            startTime.TotalMilliseconds);
    }

    private sealed record Figures(
        double ProducePerSecond,
        double ConsumePerSecond,
        double ProduceP50,
        double ProduceP99,
        double EndToEndP50,
        double EndToEndP99,
        double Megabytes,
        double StartMilliseconds)
    {
        public static Figures Median(IReadOnlyCollection<Figures> runs) => new(
            Percentile.Median(runs.Select(r => r.ProducePerSecond)),
            Percentile.Median(runs.Select(r => r.ConsumePerSecond)),
            Percentile.Median(runs.Select(r => r.ProduceP50)),
            Percentile.Median(runs.Select(r => r.ProduceP99)),
            Percentile.Median(runs.Select(r => r.EndToEndP50)),
            Percentile.Median(runs.Select(r => r.EndToEndP99)),
            Percentile.Median(runs.Select(r => r.Megabytes)),
            Percentile.Median(runs.Select(r => r.StartMilliseconds)));

        public override string ToString() => $"""
            produce {ProducePerSecond,8:F0}/s  consume {ConsumePerSecond,8:F0}/s  produce p50 {ProduceP50,5:F1} p99 {ProduceP99,6:F1} ms  end to end p50 {EndToEndP50,4:F1} p99 {EndToEndP99,5:F1} ms  memory {Megabytes,4:F0} MB  start {StartMilliseconds,5:F0} ms
            """;
    }
}
