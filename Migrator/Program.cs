using System.Runtime.InteropServices;
using EventDriven.Migrator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
var configuration = builder.Configuration;
if (configuration.GetConnectionString("mariadb") is not { Length: > 0 } server)
{
    return Fail("ConnectionStrings:mariadb is not set: the account that may create databases and users", 2);
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await SchemaMigrator.MigrateAsync(
        new MigratorOptions
        {
            ServerConnectionString = server,
            Passwords = configuration.GetSection("Users").GetChildren()
                .Where(user => !string.IsNullOrEmpty(user.Value))
                .ToDictionary(user => user.Key, user => user.Value!, StringComparer.Ordinal),
            DatabasePrefix = configuration["DatabasePrefix"] ?? "",
            KafkaBootstrapServers = configuration.GetConnectionString("kafka"),
            TopicReplication = configuration.GetValue<int?>("Topics:Replication"),
            ConnectTopics = configuration.GetValue("Topics:Connect", false),
            OutboxPublisher = configuration["Outbox:Publisher"] ?? "Relay",
            Seed = configuration.GetValue("Seed", builder.Environment.IsDevelopment()),
        },
        Console.WriteLine,
        stop.Token);
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
