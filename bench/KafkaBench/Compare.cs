using System.Diagnostics;
using EventDriven.EmbeddedKafka.Tests.Support;

namespace EventDriven.KafkaBench;

/// <summary>
/// Both brokers side by side, each phase on one and then at once on the other, so that whatever else the machine does meets both alike;
/// several times, the first to go changing; medians and their ratio.
/// </summary>
internal static class Compare
{
    private const int SteadyRate = 2000;
    private const int EndToEndRate = 100;
    private static readonly TimeSpan SteadyTime = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int runs, int messages, CancellationToken ct)
    {
        Console.WriteLine($"{runs} runs of {messages} messages of {Load.MessageLength} B, {Load.Partitions} partitions, idempotent, acks=all; then {SteadyRate}/s; then {EndToEndRate}/s end to end");
        using var folder = new TemporaryFolder();
        var clock = Stopwatch.StartNew();
        await using var apache = ApacheKafka.Home is null ? null : await ApacheBroker.StartAsync(folder.Sub("apache"), "", ct);
        var apacheStart = clock.Elapsed;
        await using var embedded = await EmbeddedProcess.StartAsync(folder.Sub("embedded"), 0, ct);

        var brokers = new List<Broker> { new("embedded", embedded.BootstrapServers, embedded.Id, embedded.StartTime) };
        if (apache is null)
            Console.WriteLine(ApacheKafka.Absent);
        else
            brokers.Add(new("apache", apache.BootstrapServers, apache.ProcessId, apacheStart));

        foreach (var broker in brokers)
            Load.Produce(broker.Servers, await Load.CreateTopicAsync(broker.Servers), messages / 5, ct); // compilers warm up, on both sides

        var figures = brokers.ToDictionary(b => b, _ => new List<Figures>());
        for (var run = 1; run <= runs; run++)
        {
            var order = run % 2 == 1 ? brokers : [.. brokers.AsEnumerable().Reverse()];
            foreach (var (broker, measured) in await MeasureAsync(order, messages, ct))
            {
                figures[broker].Add(measured);
                Console.WriteLine($"run {run,2}  {broker.Name,-9} {measured}");
            }
        }

        var medians = brokers.ConvertAll(b => Figures.Median(figures[b]));
        for (var i = 0; i < brokers.Count; i++)
            Console.WriteLine($"median  {brokers[i].Name,-9} {medians[i]}  start {brokers[i].StartTime.TotalMilliseconds:F0} ms");

        if (medians is [var of, var than])
            Console.WriteLine($"embedded/apache: produce {of.ProducePerSecond / than.ProducePerSecond:F2}, consume {of.ConsumePerSecond / than.ConsumePerSecond:F2}, produce p99 {of.ProduceP99 / than.ProduceP99:F2}, end-to-end p99 {of.EndToEndP99 / than.EndToEndP99:F2}");

        return 0;
    }

    private static async Task<List<(Broker Broker, Figures Figures)>> MeasureAsync(IReadOnlyList<Broker> brokers, int messages, CancellationToken ct)
    {
        var topics = new Dictionary<Broker, string>();
        foreach (var broker in brokers)
            topics[broker] = await Load.CreateTopicAsync(broker.Servers);

        var produced = brokers.Select(b => Load.Produce(b.Servers, topics[b], messages, ct)).ToList();
        var consumed = brokers.Select(b => Load.Consume(b.Servers, topics[b], messages, ct)).ToList();
        var latencies = new List<double[]>();
        foreach (var broker in brokers)
            latencies.Add(await Load.ProduceSteadilyAsync(broker.Servers, topics[broker], SteadyRate, SteadyTime, ct));

        var endToEnd = new List<double[]>();
        foreach (var broker in brokers)
            endToEnd.Add(await Load.EndToEndAsync(broker.Servers, await Load.CreateTopicAsync(broker.Servers), EndToEndRate, SteadyTime, ct));

        return [.. brokers.Select((b, i) => (b, new Figures(
            produced[i],
            consumed[i],
            Percentile.Median(latencies[i]),
            Percentile.Of(latencies[i], 0.99),
            Percentile.Median(endToEnd[i]),
            Percentile.Of(endToEnd[i], 0.99),
            Linux.ResidentMegabytes(b.ProcessId))))];
    }

    private sealed record Broker(string Name, string Servers, int ProcessId, TimeSpan StartTime);

    private sealed record Figures(
        double ProducePerSecond,
        double ConsumePerSecond,
        double ProduceP50,
        double ProduceP99,
        double EndToEndP50,
        double EndToEndP99,
        double Megabytes)
    {
        public static Figures Median(IReadOnlyCollection<Figures> runs) => new(
            Percentile.Median(runs.Select(r => r.ProducePerSecond)),
            Percentile.Median(runs.Select(r => r.ConsumePerSecond)),
            Percentile.Median(runs.Select(r => r.ProduceP50)),
            Percentile.Median(runs.Select(r => r.ProduceP99)),
            Percentile.Median(runs.Select(r => r.EndToEndP50)),
            Percentile.Median(runs.Select(r => r.EndToEndP99)),
            Percentile.Median(runs.Select(r => r.Megabytes)));

        public override string ToString() => $"""
            produce {ProducePerSecond,8:F0}/s  consume {ConsumePerSecond,8:F0}/s  produce p50 {ProduceP50,5:F1} p99 {ProduceP99,6:F1} ms  end to end p50 {EndToEndP50,4:F1} p99 {EndToEndP99,5:F1} ms  memory {Megabytes,4:F0} MB
            """;
    }
}
