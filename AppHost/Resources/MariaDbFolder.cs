using System.Diagnostics;
using System.Globalization;

namespace EventDriven.AppHost;

/// <summary>
/// A MariaDB of the system's own: a data folder, a port and a socket that nothing else uses, so that a MariaDB the machine already runs is never touched.
/// </summary>
internal sealed class MariaDbFolder(string folder)
{
    private const string RootUser = "root";
    private static readonly string[] ServerFolders = ["/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"];

    /// <summary>Where the server keeps its files.</summary>
    public string DataFolder => Path.Combine(folder, "data");

    /// <summary>What the server runs at every start: sets the administrator's password, so that no other place has to remember it.</summary>
    public string InitFile => Path.Combine(folder, "init.sql");

    /// <summary>The server's log.</summary>
    public string ErrorLog => Path.Combine(folder, "mariadbd.log");

    /// <summary>Holds the process id while the server runs.</summary>
    public string PidFile => Path.Combine(folder, "mariadbd.pid");

    // A server that starts deletes what looks like a temporary table in its tmpdir, those of other servers too: so it is never /tmp.
    private string TemporaryFolder => Path.Combine(folder, "tmp");

    // A socket's path is limited to 107 bytes, and a checkout can lie deeper than that.
    private string Socket { get; } = Path.Combine(Path.GetTempPath(), $"mariadb-{Guid.NewGuid():N}"[..20] + ".sock");

    /// <summary>The full path of <c>mariadbd</c>, or null where MariaDB is not installed.</summary>
    public static string? FindServer() => Find("mariadbd");

    /// <summary>The version the server reports, such as <c>10.11.14</c>.</summary>
    /// <exception cref="InvalidOperationException">The program does not answer as MariaDB does.</exception>
    public static async Task<string> VersionAsync(string server, CancellationToken cancellationToken)
    {
        var output = await RunAsync(server, ["--no-defaults", "--version"], cancellationToken);
        var words = output.Split((char[])[' ', '-'], StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(words, "Ver");
        return at >= 0 && at + 1 < words.Length
            ? words[at + 1]
            : throw new InvalidOperationException($"{server} --version does not answer as MariaDB does: {output.Trim()}");
    }

    /// <summary>Makes the data folder where there is none yet, and writes the file that sets the administrator's password.</summary>
    /// <exception cref="InvalidOperationException">MariaDB's installation program is missing or failed.</exception>
    public async Task PrepareAsync(string rootPassword, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(TemporaryFolder);
        await WriteInitFileAsync(rootPassword, cancellationToken);
        if (Directory.Exists(Path.Combine(DataFolder, "mysql")))
        {
            return;
        }

        var installer = Find("mariadb-install-db") ?? throw new InvalidOperationException("mariadb-install-db is missing: install the package mariadb-server.");

        // Into a folder beside it and then renamed: an installation that was cut short is never taken for a finished one.
        var unfinished = DataFolder + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        List<string> arguments =
            ["--no-defaults", $"--datadir={unfinished}", $"--tmpdir={TemporaryFolder}", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"];
        AddUser(arguments);
        await RunAsync(installer, arguments, cancellationToken);
        Directory.Move(unfinished, DataFolder);
    }

    /// <summary>The server's arguments: what the system needs of it (binlog for CDC, full durability) and what keeps it apart from any other.</summary>
    /// <param name="port">The loopback port.</param>
    public IReadOnlyList<string> Arguments(int port)
    {
        List<string> arguments =
        [
            "--no-defaults",
            $"--datadir={DataFolder}",
            $"--tmpdir={TemporaryFolder}",
            $"--init-file={InitFile}",
            $"--pid-file={PidFile}",
            $"--socket={Socket}",
            string.Create(CultureInfo.InvariantCulture, $"--port={port}"),
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            .. MariaDbSettings.Arguments,
        ];
        AddUser(arguments);
        return arguments;
    }

    private static void AddUser(List<string> arguments)
    {
        // The server refuses to run as root unless told so.
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            arguments.Add("--user=root");
        }
    }

    private static string? Find(string program)
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return path.Concat(ServerFolders).Where(entry => entry.Length > 0).Select(entry => Path.Combine(entry, program)).FirstOrDefault(File.Exists);
    }

    private async Task WriteInitFileAsync(string rootPassword, CancellationToken cancellationToken)
    {
        var password = rootPassword.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(InitFile, options);
        foreach (var host in new[] { "localhost", "127.0.0.1" })
        {
            await writer.WriteAsync($"""
                CREATE USER IF NOT EXISTS '{RootUser}'@'{host}' IDENTIFIED BY '{password}';
                ALTER USER '{RootUser}'@'{host}' IDENTIFIED BY '{password}';
                GRANT ALL PRIVILEGES ON *.* TO '{RootUser}'@'{host}' WITH GRANT OPTION;

                """.AsMemory(), cancellationToken);
        }
    }

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = new(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}: {(await errors).Trim()} {(await output).Trim()}");
    }
}
