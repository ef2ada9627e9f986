using System.Diagnostics;
using System.Globalization;
using EventDriven.TestSupport;

namespace EventDriven.Hosting.Tests;

/// <summary>Runs the sample AppHost as a process of its own, as a user does.</summary>
public sealed class ShutdownTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_to_the_AppHost_stops_everything_within_ten_seconds(string signal)
    {
        using var host = await StartedHost.RunAsync(Cancellation);

        var watch = Stopwatch.StartNew();
        await host.SignalAsync(signal, Cancellation);
        await host.Process.WaitForExitAsync(Cancellation);

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
            var appHost = typeof(Projects.Hosting_SampleAppHost).Assembly.Location;
            var start = new ProcessStartInfo("dotnet", ["exec", appHost, "--DcpPublisher:RandomizePorts=true", "--WithChild=true"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var process = Process.Start(start)!;
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
