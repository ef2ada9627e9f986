using System.Globalization;
using EventDriven.SenderBench;
using EventDriven.TestSupport;

const string Usage = """
    Usage: dotnet run -c Release --project bench/SenderBench -- [ROWS] [SECONDS]

      Relay, Debezium with the janitor and Debezium alone in turn on one MariaDB and one Apache Kafka: events/s over a backlog of ROWS (200000),
      commit-to-consumer latency at 20/s and 200/s for SECONDS (30) each, CPU seconds per million events.
    """;

if (KafkaDistribution.ConnectMissing is { } missing)
{
    await Console.Error.WriteLineAsync(missing);
    return 2;
}

if (args.Length > 2 || args.Any(arg => !int.TryParse(arg, CultureInfo.InvariantCulture, out var number) || number < 1))
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 30;
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};

await using var system = await BenchSystem.StartAsync(rows, interrupted.Token);
List<Measurement> measurements = [];
foreach (var sender in new Sender[] { new RelaySender(system), new DebeziumSender(system, withJanitor: true), new DebeziumSender(system, withJanitor: false) })
{
    measurements.Add(await Measurement.TakeAsync(system, sender, rows, TimeSpan.FromSeconds(seconds), interrupted.Token));
}

Measurement.Print(measurements, rows, seconds);
return 0;
