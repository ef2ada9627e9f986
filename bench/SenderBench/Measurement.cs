using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventDriven.Contracts;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.SenderBench;

/// <summary>What one sender came to.</summary>
/// <param name="Sender">Its name.</param>
/// <param name="EventsPerSecond">From the first to the last event of the backlog that the consumer saw.</param>
/// <param name="CpuPerMillion">Processor seconds of the sender for a million events of the backlog, sent and removed.</param>
/// <param name="Slow">Commit to consumer at 20/s, in ms.</param>
/// <param name="Fast">Commit to consumer at 200/s, in ms.</param>
internal sealed record Measurement(string Sender, double EventsPerSecond, double CpuPerMillion, Latency Slow, Latency Fast)
{
    private const double TicksPerSecond = 100;

    public static async Task<Measurement> TakeAsync(BenchSystem system, Sender sender, int rows, TimeSpan duration, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{sender.Name} …");
        await system.FillAsync(cancellationToken);
        using var consumer = system.Consumer();
        await sender.StartAsync(cancellationToken);
        var begun = CpuSeconds(sender);
        var throughput = await Task.Run(() => Drain(consumer, rows, cancellationToken), cancellationToken);
        if (sender.Removes)
        {
            await Eventually.TrueAsync(async cancellation => await system.CountAsync(cancellation) == 0, cancellationToken, TimeSpan.FromMinutes(5));
        }

        var cpu = (CpuSeconds(sender) - begun) * 1_000_000 / rows;
        var slow = await LatencyAsync(system, consumer, perSecond: 20, duration, cancellationToken);
        var fast = await LatencyAsync(system, consumer, perSecond: 200, duration, cancellationToken);
        await sender.StopAsync(cancellationToken);
        return new(sender.Name, throughput, cpu, slow, fast);
    }

    public static void Print(IReadOnlyList<Measurement> measurements, int rows, int seconds)
    {
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| sender | events/s over {rows} rows | p50/p99 at 20/s, {seconds} s | p50/p99 at 200/s, {seconds} s | CPU s per million events |"));
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (sender, throughput, cpu, slow, fast) in measurements)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {sender} | {throughput:0} | {slow} | {fast} | {cpu:0.0} |"));
        }
    }

    private static double Drain(Confluent.Kafka.IConsumer<byte[], byte[]> consumer, int rows, CancellationToken cancellationToken)
    {
        var seen = 0;
        var watch = new Stopwatch();
        while (seen < rows)
        {
            consumer.Consume(cancellationToken);
            if (seen++ == 0)
            {
                watch.Start();
            }
        }

        return (rows - 1) / watch.Elapsed.TotalSeconds;
    }

    private static async Task<Latency> LatencyAsync(
        BenchSystem system, Confluent.Kafka.IConsumer<byte[], byte[]> consumer, int perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var total = (int)(perSecond * duration.TotalSeconds);
        var committed = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var received = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var reading = Task.Run(
            () =>
            {
                while (received.Count < total)
                {
                    var record = consumer.Consume(cancellationToken);
                    received[Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(EventHeaders.Id))] = Stopwatch.GetTimestamp();
                }
            },
            cancellationToken);

        await using var connection = new MySqlConnection(system.Outbox);
        await connection.OpenAsync(cancellationToken);
        await using var insert = new MySqlCommand(
            "INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at) VALUES (@id, 'order', @id, 1, 'OrderCreated', @payload, UTC_TIMESTAMP(6))",
            connection);
        insert.Parameters.AddWithValue("@id", "");
        insert.Parameters.AddWithValue("@payload", $"{{\"text\":\"{new string('x', 400)}\"}}");
        await insert.PrepareAsync(cancellationToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        for (var i = 0; i < total; i++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var id = Guid.CreateVersion7().ToString();
            insert.Parameters[0].Value = id;
            await insert.ExecuteNonQueryAsync(cancellationToken);
            committed[id] = Stopwatch.GetTimestamp();
        }

        await reading;
        return Latency.Of([.. committed.Select(sent => Stopwatch.GetElapsedTime(sent.Value, received[sent.Key]).TotalMilliseconds)]);
    }

    // User and system time of the processes, fields 14 and 15 of /proc/PID/stat, in ticks of 1/100 s.
    private static double CpuSeconds(Sender sender) => sender.Processes.Sum(process =>
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    });
}
