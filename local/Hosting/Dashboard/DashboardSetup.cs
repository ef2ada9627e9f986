using System.Net.Sockets;
using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace EventDriven.LocalHosting.Dashboard;

/// <summary>Adds the dashboard to the application as a hidden resource, where it is installed.</summary>
internal static class DashboardSetup
{
    public const string ResourceName = "aspire-dashboard";
    public const string OtlpEndpointName = "otlp-grpc";

    private const string HealthCheck = "aspire-dashboard_answers";

    public static void AddDashboard(this DistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var program = DashboardInstallation.Find(configuration, builder.AppHostDirectory);
        if (program is null)
        {
            builder.OnBeforeStart((e, _) =>
            {
                Log.DashboardMissing(Logger(e.Services), "npm install --prefix .eventdriven/dashboard @microsoft/aspire-cli-linux-x64");
                return Task.CompletedTask;
            });
            return;
        }

        var token = configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? configuration["DOTNET_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? NewKey();
        configuration.AddInMemoryCollection([new("AppHost:BrowserToken", token), new("AppHost:OtlpApiKey", configuration["AppHost:OtlpApiKey"] ?? NewKey())]);

        // The resource itself is added when the application starts, so that the AppHost's code does not meet it; its check must be there before.
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            HealthCheck,
            sp => new HttpHealthCheck(
                sp.GetRequiredService<IHttpClientFactory>(),
                builder.CreateResourceBuilder<ExecutableResource>(ResourceName).GetEndpoint("http"),
                "/login",
                200),
            failureStatus: null,
            tags: null));
        builder.Services.AddSingleton<ResourceServiceHost>();
        builder.Services.AddHostedService(sp => sp.GetRequiredService<ResourceServiceHost>());
        builder.OnBeforeStart((e, _) =>
        {
            Add(builder, program, token, e.Services);
            return Task.CompletedTask;
        });
    }

    private static void Add(DistributedApplicationBuilder builder, string program, string token, IServiceProvider services)
    {
        var dashboard = builder.CreateResourceBuilder(new ExecutableResource(ResourceName, program, Path.GetDirectoryName(program)!));
        // First, so that it is there while the others start.
        builder.Resources.Insert(0, dashboard.Resource);
        Orchestrator.Prepare(builder.Resources);
        foreach (var command in dashboard.Resource.Annotations.OfType<ResourceCommandAnnotation>().ToArray())
            dashboard.Resource.Annotations.Remove(command);

        var configuration = builder.Configuration;
        AddEndpoint(dashboard, "http", configuration["ASPNETCORE_URLS"]?.Split(';')[0], "http");
        AddEndpoint(dashboard, OtlpEndpointName, configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"], "http2");
        var (frontend, otlp) = (dashboard.GetEndpoint("http"), dashboard.GetEndpoint(OtlpEndpointName));

        dashboard
            .WithAnnotation(new QuietAnnotation())
            .WithIconName("ContentView")
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Executable", Properties = [], IsHidden = true })
            .WithHealthCheck(HealthCheck)
            .WithArgs("dashboard")
            .WithEnvironment(context =>
            {
                var resourceService = services.GetRequiredService<ResourceServiceHost>();
                foreach (var (name, value) in Settings(resourceService, configuration["AppHost:OtlpApiKey"]!, token))
                    context.EnvironmentVariables[name] = value;
                context.EnvironmentVariables["ASPNETCORE_URLS"] = frontend;
                context.EnvironmentVariables["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = otlp;
            })
            .OnBeforeResourceStarted(async (resource, _, cancellationToken) =>
            {
                if (DashboardInstallation.IsPacked(resource.Command))
                {
                    resource.Command = await DashboardInstallation.UnpackAsync(resource.Command, cancellationToken);
                    resource.WorkingDirectory = Path.GetDirectoryName(resource.Command)!;
                }
            })
            .OnResourceReady((_, _, _) =>
            {
                Log.DashboardListening(Logger(services), frontend.Url);
                Log.DashboardLogin(Logger(services), $"{frontend.Url}/login?t={token}");
                return Task.CompletedTask;
            });
    }

    private static Dictionary<string, string> Settings(ResourceServiceHost resourceService, string otlpKey, string token) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = resourceService.Url,
        ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = resourceService.ApiKey,
        ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
        ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = token,
        ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = otlpKey,
        ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    private static void AddEndpoint(IResourceBuilder<ExecutableResource> dashboard, string name, string? url, string transport)
    {
        var port = url is null ? (int?)null : new Uri(url).Port;
        dashboard.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, "http", transport, name, port));
    }

    private static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static ILogger Logger(IServiceProvider services) => services.GetRequiredService<ILogger<DistributedApplication>>();
}
