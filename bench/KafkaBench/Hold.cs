using EventDriven.EmbeddedKafka.Tests.Support;

namespace EventDriven.KafkaBench;

/// <summary>What it costs the embedded broker to hold a large log: memory while writing and reading it, and starting with it.</summary>
internal static class Hold
{
    public static async Task<int> RunAsync(int gigabytes, CancellationToken ct)
    {
        using var folder = new TemporaryFolder();
        var messages = gigabytes * 1024L * 1024 * 1024 / Load.MessageLength;
        Console.WriteLine($"{gigabytes} GB in {messages} messages");

        await using (var broker = await EmbeddedProcess.StartAsync(folder.Path, 0, ct))
        {
            Console.WriteLine($"start, empty folder   {broker.StartTime.TotalMilliseconds,6:F0} ms");
            var topic = await Load.CreateTopicAsync(broker.BootstrapServers);
            Console.WriteLine($"written at            {Load.Produce(broker.BootstrapServers, topic, messages, ct),6:F0} messages/s");
            Report("after writing", broker);
            Console.WriteLine($"read at               {Load.Consume(broker.BootstrapServers, topic, messages, ct),6:F0} messages/s");
            Report("after reading", broker);
            await broker.StopAsync(ct);
        }

        await using (var broker = await EmbeddedProcess.StartAsync(folder.Path, 0, ct))
        {
            Console.WriteLine($"start, clean          {broker.StartTime.TotalMilliseconds,6:F0} ms");
            Load.Produce(broker.BootstrapServers, await Load.CreateTopicAsync(broker.BootstrapServers), 10_000, ct);
            Report("after start", broker);
            await broker.KillAsync();
        }

        await using (var broker = await EmbeddedProcess.StartAsync(folder.Path, 0, ct))
        {
            Console.WriteLine($"start, after SIGKILL  {broker.StartTime.TotalMilliseconds,6:F0} ms");
            Report("after start", broker);
        }

        return 0;
    }

    private static void Report(string when, EmbeddedProcess broker) => Console.WriteLine(
        $"memory {when,-14} {Linux.ResidentMegabytes(broker.Id),6:F0} MB resident (peak {Linux.PeakMegabytes(broker.Id):F0}), {Linux.OpenDescriptors(broker.Id)} descriptors");
}
