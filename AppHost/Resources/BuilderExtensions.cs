using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EventDriven.AppHost;

/// <summary>What the resources read from configuration.</summary>
internal static class BuilderExtensions
{
    /// <summary>Data folders of the processes; unless set, <c>.eventdriven</c> at the root of the checkout.</summary>
    private const string DataFolderSetting = "DataFolder";

    /// <summary>
    /// Prints how each backing service is run, and makes an error of configuration one line and exit code 2 in place of a stack trace.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The machine or the configuration does not allow what is asked; the message says what to do.</exception>
    public static async Task AnnounceModeAsync(this IDistributedApplicationBuilder builder)
    {
        AppDomain.CurrentDomain.UnhandledException += static (_, error) =>
        {
            if (error.ExceptionObject is DistributedApplicationException exception)
            {
                Console.Error.WriteLine(exception.Message);
                Environment.Exit(2);
            }
        };

        var machine = Machine.Look(builder.Configuration);
        var mode = RunMode.Decide(builder.Configuration, machine);
        var version = mode.MariaDb == ServerKind.Process ? await MariaDbFolder.VersionAsync(machine.MariaDbServer!, CancellationToken.None) : null;
        Console.WriteLine(mode.Describe(version));
    }

    /// <summary>How each backing service is run.</summary>
    public static RunMode Mode(this IDistributedApplicationBuilder builder) => RunMode.Decide(builder.Configuration, Machine.Look(builder.Configuration));

    /// <summary>Where a process keeps its data.</summary>
    public static string DataFolder(this IDistributedApplicationBuilder builder, string name) =>
        Path.GetFullPath(Path.Combine(builder.AppHostDirectory, builder.Configuration[DataFolderSetting] ?? "../.eventdriven", name));

    /// <summary>How many instances of a worker run: <c>Replicas:&lt;worker&gt;</c>, one unless set.</summary>
    /// <exception cref="DistributedApplicationException">The setting is not a number from 1 to 16.</exception>
    public static int ReplicasOf(this IDistributedApplicationBuilder builder, string worker) =>
        builder.Number($"Replicas:{worker}", otherwise: 1, from: 1, to: 16);

    /// <summary>The loopback port that a server process binds itself: the one set, or any free one where it is 0 or a test asks for random ports.</summary>
    /// <exception cref="DistributedApplicationException">The setting is not a port.</exception>
    public static int LoopbackPort(this IDistributedApplicationBuilder builder, string setting)
    {
        var port = builder.Number(setting, otherwise: 0, from: 0, to: ushort.MaxValue);
        return port == 0 || builder.Configuration.GetValue<bool>("DcpPublisher:RandomizePorts") ? FreePort() : port;
    }

    private static int Number(this IDistributedApplicationBuilder builder, string setting, int otherwise, int from, int to)
    {
        if (builder.Configuration[setting] is not { Length: > 0 } value)
        {
            return otherwise;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to
            ? number
            : throw new DistributedApplicationException($"{setting}={value} is not a number from {from} to {to}.");
    }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
