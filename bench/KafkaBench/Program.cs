using EventDriven.KafkaBench;

const string Usage = """
    Usage: dotnet run -c Release --project bench/KafkaBench -- COMMAND

      compare [RUNS] [MESSAGES]   embedded broker and Apache Kafka (KAFKA_HOME, or the kit) in turn: throughput, latency, memory, start
      hold [GIGABYTES]            memory and start of the embedded broker holding that much log (default 5)
      soak [MINUTES] [RATE]       load while clients and broker are killed (default 10 minutes, 2000 messages/s)
    """;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};

int Number(int index, int otherwise) => args.Length <= index ? otherwise
    : int.TryParse(args[index], out var number) && number > 0 ? number : throw new FormatException($"{args[index]} is not a positive number");

try
{
    switch (args)
    {
        case ["compare", ..]:
            return await Compare.RunAsync(Number(1, 3), Number(2, 500_000), interrupted.Token);
        case ["hold", ..]:
            return await Hold.RunAsync(Number(1, 5), interrupted.Token);
        case ["soak", ..]:
            return await Soak.RunAsync(TimeSpan.FromMinutes(Number(1, 10)), Number(2, 2000), interrupted.Token);
        case ["soak-producer", ..]: // the soak starts these two
            return await SoakClients.ProduceAsync(args);
        case ["soak-consumer", ..]:
            return SoakClients.Consume(args);
        default:
            await Console.Error.WriteLineAsync(Usage);
            return 2;
    }
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
