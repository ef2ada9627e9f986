using EventDriven.EmbeddedKafka.Tests.Support;

namespace EventDriven.EmbeddedKafka.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_goes_to_standard_output()
    {
        var (exitCode, output) = await ChildProcess.RunAsync(EmbeddedProcess.Executable, ["--help"], ct: Ct);
        Assert.Equal(0, exitCode);
        Assert.Contains("--data DIR", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data")]
    [InlineData("--port", "9092")]
    [InlineData("--data", "x", "--port", "none")]
    [InlineData("--data", "x", "--port", "70000")]
    [InlineData("--data", "x", "--verbose")]
    [InlineData]
    public async Task Bad_arguments_give_one_line_and_exit_code_2(params string[] args)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(EmbeddedProcess.Executable, args, ct: Ct);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("EmbeddedKafka: ", Assert.Single(output.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_output_is_the_ready_line_and_SIGTERM_ends_with_0()
    {
        await using var process = ChildProcess.Start(EmbeddedProcess.Executable, ["--data", _folder.Path, "--port", "0"]);
        var ready = await process.WaitForLineAsync(l => l.StartsWith("ready ", StringComparison.Ordinal), TimeSpan.FromSeconds(30), Ct);
        Assert.Matches(@"^ready 127\.0\.0\.1:\d+$", ready);

        await process.TerminateAsync(Ct);
        Assert.Equal(0, await process.WaitForExitAsync(TimeSpan.FromSeconds(30), Ct));
        Assert.Equal([ready], process.StandardOutput);
    }

    [Fact]
    public async Task A_second_broker_on_the_same_folder_gets_one_line()
    {
        await using var first = await EmbeddedProcess.StartAsync(_folder.Path, 0, Ct);
        var (exitCode, output) = await ChildProcess.RunAsync(EmbeddedProcess.Executable, ["--data", _folder.Path, "--port", "0"], ct: Ct);
        Assert.Equal(1, exitCode);
        Assert.Equal($"EmbeddedKafka: The data folder {_folder.Path} is in use by another broker.", output);
    }

    [Fact]
    public async Task A_taken_port_gets_one_line()
    {
        await using var first = await EmbeddedProcess.StartAsync(_folder.Sub("a"), 0, Ct);
        var (exitCode, output) = await ChildProcess.RunAsync(EmbeddedProcess.Executable, ["--data", _folder.Sub("b"), "--port", $"{first.Port}"], ct: Ct);
        Assert.Equal(1, exitCode);
        Assert.Equal($"EmbeddedKafka: port {first.Port} is taken", output);
    }
}
