using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EventDriven.TestSupport;

namespace EventDriven.Hosting.Tests;

/// <summary>Runs the sample AppHost as a process of its own, as a user does.</summary>
public sealed class ShutdownTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_to_the_AppHost_stops_everything_within_ten_seconds(string signal)
    {
        using var host = await StartedHost.RunAsync(Cancellation);

        var watch = Stopwatch.StartNew();
        await host.SignalAsync(signal, Cancellation);
        await host.Process.WaitForExitAsync(Cancellation).WaitAsync(Deadline, Cancellation);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(0, host.Process.ExitCode);
        Assert.All(host.Children, child => Assert.False(RunningApp.IsAlive(child)));
    }

    [Fact]
    public async Task An_AppHost_that_is_killed_leaves_no_orphan()
    {
        using var host = await StartedHost.RunAsync(Cancellation);
        Assert.True(host.Children.Count >= 2);

        await host.SignalAsync("KILL", Cancellation);

        await Eventually.TrueAsync(() => host.Children.All(child => !RunningApp.IsAlive(child)), Cancellation);
    }

    [Fact]
    public async Task A_taken_port_ends_the_AppHost_with_one_line_that_names_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        using var host = StartedHost.Launch($"--Port={port}");

        var output = host.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = await host.StandardError.ReadToEndAsync(Cancellation);
        await host.WaitForExitAsync(Cancellation);

        Assert.Equal(1, host.ExitCode);
        Assert.Equal($"Port {port} for endpoint 'tcp' of resource 'taken' is already in use by another process.", errors.Trim());
        Assert.DoesNotContain("   at ", await output, StringComparison.Ordinal);
    }

    private sealed class StartedHost : IDisposable
    {
        private StartedHost(Process process, IReadOnlyList<int> children)
        {
            Process = process;
            Children = children;
        }

        public Process Process { get; }

        /// <summary>Every process below the AppHost that serves a resource, and a child of one.</summary>
        public IReadOnlyList<int> Children { get; }

        public static async Task<StartedHost> RunAsync(CancellationToken cancellationToken)
        {
            var process = Launch("--WithChild=true");
            _ = process.StandardError.ReadToEndAsync(cancellationToken);
            var children = new List<int>();
            var seen = new List<string>();
            while (children.Count < 2 && await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                seen.Add(line);
                if (line.StartsWith("parent ", StringComparison.Ordinal) && line.Split("pid ") is [_, var pid])
                    children.Add(int.Parse(pid, CultureInfo.InvariantCulture));
            }
            Assert.True(children.Count == 2, string.Join(Environment.NewLine, seen));
            _ = process.StandardOutput.ReadToEndAsync(cancellationToken);
            return new StartedHost(process, children);
        }

        public static Process Launch(string argument)
        {
            var appHost = typeof(Projects.Hosting_SampleAppHost).Assembly.Location;

            // A test run in the background of a shell ignores SIGINT, and so would everything below it.
            return Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", "exec", appHost, "--DcpPublisher:RandomizePorts=true", argument])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }

        public async Task SignalAsync(string signal, CancellationToken cancellationToken)
        {
            using var kill = Process.Start("kill", [$"-{signal}", Process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(cancellationToken);
        }

        public void Dispose()
        {
            if (!Process.HasExited)
                Process.Kill();
            Process.Dispose();
        }
    }
}
