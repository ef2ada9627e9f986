using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using EventDriven.EmbeddedKafka.Tests.Support;

namespace EventDriven.KafkaBench;

/// <summary>
/// A producer and two groups at a steady rate, while every few seconds one of them, or in the first half the broker, is killed and
/// started again. At the end: is every acknowledged message in both groups, how many came twice, did the broker grow.
/// </summary>
internal sealed class Soak : IAsyncDisposable
{
    private static readonly TimeSpan KillInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, ChildProcess> _clients = new(StringComparer.Ordinal);
    private readonly List<(TimeSpan At, double Megabytes, int Descriptors)> _samples = [];
    private readonly int _rate;
    private EmbeddedProcess _broker = null!;
    private string _topic = "";
    private int _incarnations;

    private Soak(int rate) => _rate = rate;

    public static async Task<int> RunAsync(TimeSpan duration, int rate, CancellationToken ct)
    {
        await using var soak = new Soak(rate);
        return await soak.RunAsync(duration, ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
            await client.DisposeAsync();

        if (_broker is not null)
            await _broker.DisposeAsync();

        _folder.Dispose();
    }

    private async Task<int> RunAsync(TimeSpan duration, CancellationToken ct)
    {
        _broker = await EmbeddedProcess.StartAsync(_folder.Sub("data"), 0, ct);
        _topic = await Load.CreateTopicAsync(_broker.BootstrapServers);
        foreach (var name in (string[])["producer", "a1", "a2", "b1"])
            StartClient(name);

        var clock = Stopwatch.StartNew();
        var (kills, nextKill) = (0, KillInterval);
        string[] victims = ["a1", "broker", "producer", "b1", "a2"];
        while (clock.Elapsed < duration)
        {
            await Task.Delay(SampleInterval, ct);
            _samples.Add((clock.Elapsed, Linux.ResidentMegabytes(_broker.Id), Linux.OpenDescriptors(_broker.Id)));
            if (clock.Elapsed < nextKill)
                continue;

            // In the second half the broker lives on, so that growth would show.
            var victim = victims[kills++ % victims.Length];
            nextKill += KillInterval;
            if (victim != "broker")
                await RestartClientAsync(victim);
            else if (clock.Elapsed < duration / 2)
                await RestartBrokerAsync(ct);
        }

        Console.WriteLine($"{kills} kills; stopping the producer, then waiting for the groups");
        await StopClientAsync("producer", ct);
        await WaitForGroupsAsync(ct);
        foreach (var name in (string[])["a1", "a2", "b1"])
            await StopClientAsync(name, ct);

        return Report(duration);
    }

    private void StartClient(string name)
    {
        var role = name == "producer" ? "soak-producer" : "soak-consumer";
        var incarnation = ++_incarnations;
        _clients[name] = ChildProcess.Start(Environment.ProcessPath!, [
            role,
            _broker.BootstrapServers,
            _topic,
            name[..1],
            _folder.Sub($"{name}-{incarnation}"),
            incarnation.ToString(CultureInfo.InvariantCulture),
            _rate.ToString(CultureInfo.InvariantCulture),
        ]);
    }

    private async Task RestartClientAsync(string name)
    {
        await _clients[name].KillAsync();
        await _clients[name].DisposeAsync();
        StartClient(name);
        Console.WriteLine($"killed {name}");
    }

    private async Task RestartBrokerAsync(CancellationToken ct)
    {
        var port = _broker.Port;
        await _broker.KillAsync();
        await _broker.DisposeAsync();
        _broker = await EmbeddedProcess.StartAsync(_folder.Sub("data"), port, ct);
        Console.WriteLine($"killed the broker, ready again after {_broker.StartTime.TotalMilliseconds:F0} ms");
    }

    private async Task StopClientAsync(string name, CancellationToken ct)
    {
        await _clients[name].TerminateAsync(ct);
        await _clients[name].WaitForExitAsync(TimeSpan.FromMinutes(2), ct);
    }

    private async Task WaitForGroupsAsync(CancellationToken ct)
    {
        foreach (var group in (string[])["a", "b"])
        {
            using var consumer = Load.Consumer(_broker.BootstrapServers, c => c.GroupId = group);
            var partitions = Enumerable.Range(0, Load.Partitions).Select(p => new TopicPartition(_topic, p)).ToList();
            while (true)
            {
                var committed = consumer.Committed(partitions, TimeSpan.FromSeconds(30)).Sum(o => Math.Max(0, o.Offset.Value));
                var written = partitions.Sum(p => consumer.QueryWatermarkOffsets(p, TimeSpan.FromSeconds(30)).High.Value);
                if (committed == written)
                    break;

                await Task.Delay(500, ct);
            }
        }
    }

    private int Report(TimeSpan duration)
    {
        var acknowledged = Directory.GetFiles(_folder.Path, "producer-*").SelectMany(SoakRecords.ReadAcknowledged).ToHashSet();
        Console.WriteLine($"acknowledged          {acknowledged.Count,10}");
        var (lost, doubledInLog) = (0, 0);
        foreach (var group in (string[])["a", "b"])
        {
            var records = Directory.GetFiles(_folder.Path, $"{group}?-*").SelectMany(SoakRecords.ReadConsumed).ToList();
            var places = records.Select(r => (r.Partition, r.Offset)).ToHashSet().Count;
            var messages = records.Select(r => r.Message).ToHashSet();
            var missing = acknowledged.Count(a => !messages.Contains(a));
            Console.WriteLine($"group {group}: consumed     {records.Count,10}, again after a kill {records.Count - places}, lost {missing}, stored twice {places - messages.Count}");
            lost += missing;
            doubledInLog += places - messages.Count;
        }

        // The broker of the second half, without the time it takes to warm up.
        var third = _samples.Where(s => s.At > duration * 0.6 && s.At <= duration * 0.8).ToList();
        var last = _samples.Where(s => s.At > duration * 0.8).ToList();
        var (before, after) = (third.Average(s => s.Megabytes), last.Average(s => s.Megabytes));
        var (filesBefore, filesAfter) = (third.Max(s => s.Descriptors), last.Max(s => s.Descriptors));
        Console.WriteLine($"memory                {before,7:F0} MB, later {after:F0} MB; largest {_samples.Max(s => s.Megabytes):F0} MB");
        Console.WriteLine($"descriptors           {filesBefore,7}, later {filesAfter} (every {64} MiB of log per partition adds one)");
        var grows = after > before * 1.15;
        Console.WriteLine(lost == 0 && doubledInLog == 0 && !grows ? "passed" : "FAILED");
        return lost == 0 && doubledInLog == 0 && !grows ? 0 : 1;
    }
}
