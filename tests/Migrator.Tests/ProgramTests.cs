using EventDriven.TestSupport;

namespace EventDriven.Migrator.Tests;

/// <summary>The migrator as the AppHost runs it.</summary>
public sealed class ProgramTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_each_step_and_ends_with_0()
    {
        var (exitCode, output) = await RunAsync(
            ("ConnectionStrings__mariadb", (await mariaDb.ServerAsync(Cancellation)).AdminConnectionString), ("DatabasePrefix", "program_"), ("Users__order_api", "pw-order_api"), ("Seed", "true"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("program_ecommerce: applied V1__", output, StringComparison.Ordinal);
        Assert.Contains("users: order_api", output, StringComparison.Ordinal);
        Assert.Contains("sample data: 8 customers and products added", output, StringComparison.Ordinal);
        Assert.EndsWith("migrator: done", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_setting_ends_it_with_2_and_one_line()
    {
        var (exitCode, output) = await RunAsync();
        Assert.Equal((2, 1), (exitCode, output.TrimEnd().Split('\n').Length));
        Assert.Contains("ConnectionStrings:mariadb", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Seed", "1")]
    [InlineData("Topics__Connect", "perhaps")]
    [InlineData("Topics__Replication", "three")]
    [InlineData("Topics__Replication", "0")]
    public async Task A_wrong_setting_ends_it_with_2_and_one_line_that_names_it(string setting, string value)
    {
        var (exitCode, output) = await RunAsync(("ConnectionStrings__mariadb", "Server=127.0.0.1;Port=1"), (setting, value));
        Assert.Equal((2, 1), (exitCode, output.TrimEnd().Split('\n').Length));
        Assert.Contains(setting.Replace("__", ":", StringComparison.Ordinal), output, StringComparison.Ordinal);
        Assert.Contains(value, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_account_ends_it_with_1_and_one_line()
    {
        var (exitCode, output) = await RunAsync(("ConnectionStrings__mariadb", $"Server=127.0.0.1;Port={(await mariaDb.ServerAsync(Cancellation)).Port};User ID=root;Password=wrong"));
        Assert.Equal((1, 1), (exitCode, output.TrimEnd().Split('\n').Length));
        Assert.Contains("Access denied", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params (string Name, string Value)[] environment)
    {
        await using var process = await TestProcess.StartDotnetAsync(
            typeof(SchemaMigrator).Assembly, [], environment.ToDictionary(entry => entry.Name, entry => (string?)entry.Value, StringComparer.Ordinal), Cancellation);
        var exitCode = await process.WaitForExitAsync(Cancellation);
        return (exitCode, await Eventually.GetAsync(_ => Task.FromResult(process.Output), output => output.Length > 0, Cancellation));
    }
}
