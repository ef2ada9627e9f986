using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventDriven.Hosting.Tests;

public sealed class TestingBuilderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_AppHost_runs_inside_a_test_several_times_side_by_side()
    {
        var secrets = SecretsFile();
        var before = File.Exists(secrets) ? await File.ReadAllTextAsync(secrets, Cancellation) : null;

        var urls = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => RunOnceAsync()));

        Assert.NotEqual(urls[0], urls[1]);
        Assert.Equal(before, File.Exists(secrets) ? await File.ReadAllTextAsync(secrets, Cancellation) : null);
    }

    [Fact]
    public async Task The_model_can_be_changed_before_it_is_built()
    {
        await using var builder = await CreateAsync(["--Parameters:password=given"]);
        Assert.EndsWith("Hosting.SampleAppHost", builder.AppHostDirectory, StringComparison.Ordinal);
        Assert.Equal("from the launch profile", builder.Configuration["SAMPLE_APPHOST"]);
        builder.Resources.Remove(builder.Resources.Single(r => r.Name == "second"));
        builder.CreateResourceBuilder<ProjectResource>("first").WithEnvironment("EXTRA", "added by the test");
        await using var app = await builder.BuildAsync(Cancellation);
        await app.StartAsync(Cancellation);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("first", Cancellation);
        using var client = app.CreateHttpClient("first");
        var environment = await client.GetStringAsync(new Uri("environment", UriKind.Relative), Cancellation);

        Assert.Contains("added by the test", environment, StringComparison.Ordinal);
        Assert.Contains("\"PASSWORD\":\"given\"", environment, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("second"));
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("first", "nowhere"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await app.GetConnectionStringAsync("first", Cancellation));
    }

    [Fact]
    public async Task An_error_in_the_AppHosts_code_is_the_tests_error()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => CreateAsync(["--Fail=before building"]));
        Assert.Equal("before building", exception.Message);

        await using var builder = await CreateAsync([]);
        builder.CreateResourceBuilder<ProjectResource>("first").WithEndpoint("http", e => e.IsProxied = false);
        builder.CreateResourceBuilder<ProjectResource>("second").WithEndpoint("http", e => (e.IsProxied, e.Port) = (false, 15080));
        await using var app = await builder.BuildAsync(Cancellation);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(Cancellation));
    }

    [Fact]
    public async Task A_builder_that_is_never_built_leaves_nothing_running()
    {
        var builder = await CreateAsync([]);
        await builder.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => builder.BuildAsync(Cancellation));
    }

    private static async Task<string> RunOnceAsync()
    {
        await using var builder = await CreateAsync([]);
        await using var app = await builder.BuildAsync(Cancellation);
        await app.StartAsync(Cancellation);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("second", Cancellation);
        using var client = app.CreateHttpClient("second");
        Assert.Equal("ok", await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation));
        return client.BaseAddress!.ToString();
    }

    private static async Task<IDistributedApplicationTestingBuilder> CreateAsync(string[] args)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Hosting_SampleAppHost>(args, Cancellation);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        return builder;
    }

    private static string SecretsFile() => Microsoft.Extensions.Configuration.UserSecrets.PathHelper.GetSecretsPathFromSecretsId("eventdriven-hosting-sample");
}
