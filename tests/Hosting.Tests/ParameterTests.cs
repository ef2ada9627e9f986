using Microsoft.Extensions.DependencyInjection;

namespace EventDriven.Hosting.Tests;

public sealed class ParameterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_parameter_takes_its_value_from_configuration_or_its_default()
    {
        var builder = RunningApp.CreateBuilder("--Parameters:given=from outside", "--Some:Key=elsewhere");
        var generate = new GenerateParameterDefault { MinLength = 40, Upper = false, Special = false, MinNumeric = 10 };

        Assert.Equal("from outside", await ValueAsync(builder.AddParameter("given", generate)));
        Assert.Equal("elsewhere", await ValueAsync(builder.AddParameterFromConfiguration("key", "Some:Key")));
        Assert.Equal("fixed", await ValueAsync(builder.AddParameter("literal", "fixed")));
        var generated = builder.AddParameter("generated", generate, secret: true);
        var value = await ValueAsync(generated);
        Assert.Equal(40, value!.Length);
        Assert.True(value.Count(char.IsAsciiDigit) >= 10);
        Assert.DoesNotContain(value, c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c));
        Assert.Equal(value, await ValueAsync(generated));
        await Assert.ThrowsAsync<MissingParameterValueException>(() => ValueAsync(builder.AddParameter("absent")));
    }

    [Fact]
    public async Task A_parameter_without_a_value_is_shown_as_missing_and_fails_only_who_needs_it()
    {
        var builder = RunningApp.CreateBuilder();
        var absent = builder.AddParameter("absent");
        builder.AddExecutable("needs", "true", "/").WithEnvironment("X", absent);
        builder.AddExecutable("other", "true", "/");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        Assert.Equal(KnownResourceStates.FailedToStart, (await app.WaitForEndAsync("needs", Cancellation)).State?.Text);
        Assert.Equal(KnownResourceStates.Finished, (await app.WaitForEndAsync("other", Cancellation)).State?.Text);
        Assert.True(app.Notifications.TryGetCurrentState("absent", out var state));
        Assert.Equal(KnownResourceStates.ValueMissing, state.Snapshot.State?.Text);
        Assert.Contains(await app.OutputAsync("needs"), line => line.Contains("Parameters:absent", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("with space")]
    [InlineData("double--hyphen")]
    [InlineData("end-")]
    public void A_name_that_Aspire_would_refuse_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => RunningApp.CreateBuilder().AddExecutable(name, "true", "/"));

    [Fact]
    public void A_name_can_be_used_once()
    {
        var builder = RunningApp.CreateBuilder();
        builder.AddParameter("twice", "1");
        Assert.Throws<DistributedApplicationException>(() => builder.AddExecutable("TWICE", "true", "/"));
    }

    private static async Task<string?> ValueAsync(IResourceBuilder<ParameterResource> parameter) => await parameter.Resource.GetValueAsync(Cancellation);
}
