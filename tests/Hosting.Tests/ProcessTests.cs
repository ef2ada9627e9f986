using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EventDriven.TestSupport;

namespace EventDriven.Hosting.Tests;

public sealed class ProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_dies_is_shown_with_its_exit_code_and_what_it_wrote()
    {
        var builder = RunningApp.CreateBuilder();
        ResourceStoppedEvent? stopped = null;
        builder.AddExecutable("worker", "sh", "/", "-c", "echo out; echo err >&2; exit 7").OnResourceStopped((_, e, _) =>
        {
            stopped = e;
            return Task.CompletedTask;
        });
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        var end = await app.WaitForEndAsync("worker", Cancellation);

        Assert.Equal(KnownResourceStates.Finished, end.State?.Text);
        Assert.Equal(KnownResourceStateStyles.Error, end.State?.Style);
        Assert.Equal(7, end.ExitCode);
        Assert.NotNull(end.StopTimeStamp);
        Assert.Equal(["err", "out"], (await app.OutputAsync("worker")).Order(StringComparer.Ordinal));
        await Eventually.TrueAsync(() => stopped?.ResourceEvent.Snapshot.ExitCode == 7, Cancellation);
    }

    [Fact]
    public async Task A_command_that_is_not_there_fails_its_resource_by_name()
    {
        var builder = RunningApp.CreateBuilder();
        builder.AddExecutable("worker", "no-such-program", "/");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        Assert.Equal(KnownResourceStates.FailedToStart, (await app.WaitForEndAsync("worker", Cancellation)).State?.Text);
        Assert.Contains(await app.OutputAsync("worker"), line => line.Contains("'no-such-program' was not found", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fixed_port_that_is_taken_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var builder = RunningApp.CreateBuilder();
        builder.AddExecutable("worker", "true", "/").WithEndpoint(port: port, name: "tcp", isProxied: false);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunningApp.StartAsync(builder, Cancellation));

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Port {port}"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("'worker'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fixed_ports_are_kept_and_proxied_ones_made_random_when_asked()
    {
        var builder = RunningApp.CreateBuilder();
        var worker = builder.AddExecutable("worker", "true", "/")
            .WithEndpoint(port: 19_999, name: "own", isProxied: false)
            .WithEndpoint(port: 19_998, name: "proxied");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        Assert.Equal(19_999, worker.GetEndpoint("own").Port);
        Assert.NotEqual(19_998, worker.GetEndpoint("proxied").Port);
    }

    [Fact]
    public async Task Stopping_takes_the_children_of_a_process_along_and_kills_what_does_not_listen()
    {
        var builder = RunningApp.CreateBuilder();
        builder.AddExecutable("parent", "sh", "/", "-c", "sleep 1000 & echo $!; wait");
        builder.AddExecutable("escaped", "sh", "/", "-c", "setsid sleep 1000 & echo $!; wait");
        builder.AddExecutable("deaf", "sh", "/", "-c", "trap '' TERM; echo $$; while true; do sleep 0.1; done");
        var app = await RunningApp.StartAsync(builder, Cancellation);
        var pids = new List<int>();
        await using (app)
        {
            foreach (var name in new[] { "parent", "escaped", "deaf" })
            {
                var output = await Eventually.GetAsync(_ => app.OutputAsync(name), o => o.Count > 0, Cancellation);
                pids.Add(int.Parse(output[0], CultureInfo.InvariantCulture));
            }
            Assert.All(pids, pid => Assert.True(RunningApp.IsAlive(pid)));

            var watch = Stopwatch.StartNew();
            await app.StopAsync(Cancellation);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
        }
        Assert.All(pids, pid => Assert.False(RunningApp.IsAlive(pid)));
    }

    [Fact]
    public async Task What_waits_for_a_resource_is_stopped_before_it()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var log = Path.Combine(folder.FullName, "order");
            string Script(string name) => $"trap 'sleep 0.2; echo {name} >>{log}; exit' TERM; echo up; while true; do sleep 0.05; done";
            var builder = RunningApp.CreateBuilder();
            var server = builder.AddExecutable("server", "sh", "/", "-c", Script("server"));
            var connection = builder.AddConnectionString("db", ReferenceExpression.Create($"{server.WithEndpoint(name: "tcp").GetEndpoint("tcp")}"));
            builder.AddExecutable("client", "sh", "/", "-c", Script("client")).WaitFor(connection);
            await using (var app = await RunningApp.StartAsync(builder, Cancellation))
                await Eventually.GetAsync(_ => app.OutputAsync("client"), o => o.Contains("up"), Cancellation);

            Assert.Equal(["client", "server"], await File.ReadAllLinesAsync(log, Cancellation));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Only_the_last_lines_of_a_talkative_process_are_kept()
    {
        var builder = RunningApp.CreateBuilder();
        builder.AddExecutable("worker", "seq", "/", "1", "12000");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.WaitForEndAsync("worker", Cancellation);

        var output = await app.OutputAsync("worker");
        Assert.Equal(10_000, output.Count);
        Assert.Equal("12000", output[^1]);
    }

    [Fact]
    public async Task Replicas_share_an_endpoint_through_a_proxy()
    {
        var builder = RunningApp.CreateBuilder();
        var api = builder.AddProject<Projects.Hosting_SampleService>("api").WithReplicas(2).WithHttpHealthCheck("/");
        builder.AddExecutable("client", "true", "/").WaitFor(api);
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.WaitForEndAsync("client", Cancellation);

        var pids = new HashSet<string>();
        await Eventually.TrueAsync(async ct =>
        {
            using var client = new HttpClient();
            pids.Add(await client.GetStringAsync(new Uri($"{api.GetEndpoint("http").Url}/pid"), ct));
            return pids.Count == 2;
        }, Cancellation);
    }
}
