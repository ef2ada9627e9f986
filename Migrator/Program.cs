using System.Runtime.InteropServices;
using EventDriven.Migrator;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
MigratorOptions options;
try
{
    options = MigratorOptions.Read(builder.Configuration, seed: builder.Environment.IsDevelopment());
}
catch (InvalidOperationException e)
{
    return Fail(e.Message, 2);
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await SchemaMigrator.MigrateAsync(options, Console.WriteLine, stop.Token);
    Console.WriteLine("migrator: done");
    return 0;
}
catch (MigrationException e)
{
    return Fail(e.Message, 1);
}
catch (OperationCanceledException)
{
    return Fail("cancelled", 1);
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // The run ends between two steps, not in one.
    stop.Cancel();
}

static int Fail(string reason, int exitCode)
{
    Console.Error.WriteLine($"migrator: {reason}");
    return exitCode;
}
