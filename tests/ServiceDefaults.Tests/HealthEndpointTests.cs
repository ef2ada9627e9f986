using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace EventDriven.ServiceDefaults.Tests;

public sealed class HealthEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_means_every_check_and_alive_only_the_process()
    {
        await using var app = await StartAsync(HealthCheckResult.Unhealthy("the database is gone"));
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_probe_leaves_no_span_of_its_own_or_of_what_it_looked_at()
    {
        var exported = new List<Activity>();
        await using var app = await StartAsync(HealthCheckResult.Healthy(), exported);
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        await client.GetAsync("/health", Cancellation);
        await client.GetAsync("/work", Cancellation);

        app.Services.GetRequiredService<TracerProvider>().ForceFlush();
        Assert.DoesNotContain(exported, span => span.DisplayName == "look");
        Assert.Contains(exported, span => span.DisplayName == "work");
    }

    private static async Task<WebApplication> StartAsync(HealthCheckResult result, List<Activity>? exported = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Services.AddHealthChecks().AddCheck("dependency", () =>
        {
            using var span = Telemetry.ActivitySource.StartActivity("look");
            return result;
        });

        // As Aspire sets it for development: every span is taken, whatever its parent.
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.SetSampler(new AlwaysOnSampler()).AddInMemoryExporter(exported ?? []));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/work", () =>
        {
            using var span = Telemetry.ActivitySource.StartActivity("work");
        });
        await app.StartAsync(Cancellation);
        return app;
    }
}
