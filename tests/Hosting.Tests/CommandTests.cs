namespace EventDriven.Hosting.Tests;

public sealed class CommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resource_can_be_stopped_started_and_restarted_by_command()
    {
        var builder = RunningApp.CreateBuilder();
        var worker = builder.AddExecutable("worker", "sleep", "/", "1000");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);
        var first = RunningApp.Pid(await app.WaitUntilRunningAsync("worker", Cancellation));

        Assert.True((await app.Commands.ExecuteCommandAsync(worker.Resource, KnownResourceCommands.RestartCommand, Cancellation)).Success);
        var running = await app.WaitUntilRunningAsync("worker", Cancellation);
        Assert.NotEqual(first, RunningApp.Pid(running));
        Assert.False(RunningApp.IsAlive(first));
        Assert.Equal(ResourceCommandState.Hidden, running.Commands.Single(c => c.Name == "start").State);

        Assert.True((await app.Commands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, Cancellation)).Success);
        var stopped = await app.WaitForEndAsync("worker", Cancellation);
        Assert.Null(stopped.State?.Style);
        Assert.Equal(ResourceCommandState.Enabled, stopped.Commands.Single(c => c.Name == "start").State);

        Assert.True((await app.Commands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, Cancellation)).Success);
        await app.WaitUntilRunningAsync("worker", Cancellation);
    }

    [Fact]
    public async Task A_resource_with_explicit_start_starts_only_by_command()
    {
        var builder = RunningApp.CreateBuilder();
        builder.AddExecutable("worker", "sh", "/", "-c", "echo begun").WithExplicitStart();
        builder.AddExecutable("other", "true", "/");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);
        await app.WaitForEndAsync("other", Cancellation);
        Assert.True(app.Notifications.TryGetCurrentState("worker", out var state));
        Assert.Equal(KnownResourceStates.NotStarted, state.Snapshot.State?.Text);

        await app.Commands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, Cancellation);

        await app.WaitForEndAsync("worker", Cancellation);
        Assert.Contains("begun", await app.OutputAsync("worker"));
    }

    [Fact]
    public async Task The_start_command_ends_a_wait()
    {
        var builder = RunningApp.CreateBuilder();
        var never = builder.AddExecutable("never", "true", "/").WithExplicitStart();
        builder.AddExecutable("worker", "true", "/").WaitForCompletion(never);
        await using var app = await RunningApp.StartAsync(builder, Cancellation);
        await app.WaitAsync("worker", s => s.State?.Text == KnownResourceStates.Waiting, Cancellation);

        await app.Commands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, Cancellation);

        Assert.Equal(KnownResourceStates.Finished, (await app.WaitForEndAsync("worker", Cancellation)).State?.Text);
    }

    [Fact]
    public async Task A_command_of_ones_own_gets_the_instance_and_its_failure_is_its_result()
    {
        var builder = RunningApp.CreateBuilder();
        string? instance = null;
        var worker = builder.AddExecutable("worker", "true", "/")
            .WithCommand("greet", "Greet", context =>
            {
                instance = context.ResourceName;
                return Task.FromResult(CommandResults.Success("hello"));
            }, new CommandOptions { IconName = "Hand", IsHighlighted = true })
            .WithCommand("fail", "Fail", _ => throw new InvalidOperationException("no luck"));
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        Assert.Equal("hello", (await app.Commands.ExecuteCommandAsync(worker.Resource, "greet", Cancellation)).Message);
        var failed = await app.Commands.ExecuteCommandAsync(worker.Resource, "fail", Cancellation);

        Assert.StartsWith("worker-", instance, StringComparison.Ordinal);
        Assert.False(failed.Success);
        Assert.Equal("no luck", failed.Message);
        Assert.False((await app.Commands.ExecuteCommandAsync(worker.Resource, "unknown", Cancellation)).Success);
    }
}
