using System.Net.Sockets;
using System.Runtime.InteropServices;
using EventDriven.EmbeddedKafka;

const int BadUsage = 2;
const int Failed = 1;

var command = CommandLine.Parse(args, out var problem);
if (command is null)
{
    if (problem is null)
    {
        Console.WriteLine(CommandLine.Help);
        return 0;
    }

    await Console.Error.WriteLineAsync($"EmbeddedKafka: {problem} (see --help)");
    return BadUsage;
}

var stop = new TaskCompletionSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    await using var broker = await EmbeddedBroker.StartAsync(
        new BrokerOptions { DataDirectory = command.DataDirectory, Port = command.Port }, new StandardErrorLogger());

    // Standard output carries this line and nothing else.
    Console.WriteLine($"ready {broker.BootstrapServers}");
    await stop.Task;
    return 0;
}
catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
{
    await Console.Error.WriteLineAsync($"EmbeddedKafka: port {command.Port} is taken");
    return Failed;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or SocketException)
{
    await Console.Error.WriteLineAsync($"EmbeddedKafka: {e.Message}");
    return Failed;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true; // not the runtime's way of ending: what is open is to be closed first
    stop.TrySetResult();
}
