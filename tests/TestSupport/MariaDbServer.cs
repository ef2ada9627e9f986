using EventDriven.AppHost;
using MySqlConnector;

namespace EventDriven.TestSupport;

/// <summary>A MariaDB server of a test assembly's own, on a loopback port, gone with it. Fast rather than durable, unless asked otherwise.</summary>
public sealed class MariaDbServer : IAsyncDisposable
{
    private const string RootPassword = "test";

    // Tests are about kill -9 of the process, not of the machine: what the process wrote survives it without a flush to the disk.
    private static readonly string[] FastArguments =
        ["--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0", "--innodb-buffer-pool-size=128M", "--performance-schema=OFF", "--max-connections=500"];

    private readonly string _folder = Directory.CreateTempSubdirectory("eventdriven-mariadb-").FullName;
    private readonly MariaDbFolder _files;
    private readonly bool _durable;
    private TestProcess? _process;

    private MariaDbServer(bool durable)
    {
        _files = new(_folder);
        _durable = durable;
    }

    /// <summary>Why there can be no server here, or null where there can: for <c>Assert.SkipWhen</c>.</summary>
    public static string? Missing => MariaDbFolder.FindServer() is null ? "MariaDB is not installed (package mariadb-server)" : null;

    /// <summary>The loopback port.</summary>
    public int Port { get; } = TestPorts.Free();

    /// <summary>An account that may do everything; no default database.</summary>
    public string AdminConnectionString => $"Server=127.0.0.1;Port={Port};User ID=root;Password={RootPassword};SslMode=None;AllowPublicKeyRetrieval=true";

    /// <summary>Installs and starts a server.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="durable">Flush at every commit, as the system does: for measurements.</param>
    /// <exception cref="InvalidOperationException">The server ended while starting; the message holds its output.</exception>
    public static async Task<MariaDbServer> StartAsync(CancellationToken cancellationToken, bool durable = false)
    {
        var server = new MariaDbServer(durable);
        try
        {
            await server._files.PrepareAsync(RootPassword, cancellationToken);
            await server.RestartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (_process is not null)
        {
            await _process.KillAsync(cancellationToken);
        }
    }

    /// <summary>Starts the server again, on the same data and port, after <see cref="KillAsync"/>; returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">The server ended while starting.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        var program = MariaDbFolder.FindServer() ?? throw new InvalidOperationException(Missing);
        var process = await TestProcess.StartAsync(
            program, [.. _files.Arguments(Port), .. _durable ? [] : FastArguments], cancellationToken: cancellationToken);
        _process = process;
        await Eventually.TrueAsync(
            async cancellation =>
            {
                if (process.HasExited)
                {
                    return true;
                }

                await using var connection = new MySqlConnection(AdminConnectionString + ";Pooling=false");
                await connection.OpenAsync(cancellation);
                return true;
            },
            cancellationToken);
        if (process.HasExited)
        {
            throw new InvalidOperationException($"mariadbd ended while starting: {process.Output}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
