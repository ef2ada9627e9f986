using Aspire.Hosting.ApplicationModel;
using EventDriven.LocalHosting;
using EventDriven.LocalHosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public static class OtlpConfigurationExtensions
{
    /// <summary>Sends the resource's telemetry to the dashboard, by the standard <c>OTEL_</c> variables. Projects have it by themselves.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        var (configuration, environment) = (builder.ApplicationBuilder.Configuration, builder.ApplicationBuilder.Environment);
        return builder.WithEnvironment(context =>
        {
            var variables = context.EnvironmentVariables;
            (variables["OTEL_EXPORTER_OTLP_ENDPOINT"], variables["OTEL_EXPORTER_OTLP_PROTOCOL"]) = OtlpEndpoint(context.ExecutionContext, configuration);
            variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={LaunchSpec.InstanceSuffix}";
            variables["OTEL_SERVICE_NAME"] = builder.Resource.Name;
            if (configuration["AppHost:OtlpApiKey"] is { } key)
                variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
            if (!environment.IsDevelopment())
                return;

            // Milliseconds: at once rather than in large batches.
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
            variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        });
    }

    /// <summary>The dashboard's, whose port may be random; else the configured one.</summary>
    private static (object Url, string Protocol) OtlpEndpoint(DistributedApplicationExecutionContext execution, ConfigurationManager configuration)
    {
        var resources = execution.ServiceProvider.GetRequiredService<DistributedApplicationModel>().Resources;
        if (resources.TryGetByName(DashboardSetup.ResourceName, out var dashboard) && dashboard is IResourceWithEndpoints owner)
            return (owner.GetEndpoint(DashboardSetup.OtlpEndpointName), "grpc");
        if (Setting("OTLP_ENDPOINT_URL") is { } grpc)
            return (grpc, "grpc");
        return Setting("OTLP_HTTP_ENDPOINT_URL") is { } http ? (http, "http/protobuf") : ("http://localhost:18889", "grpc");

        string? Setting(string name) => configuration[$"ASPIRE_DASHBOARD_{name}"] ?? configuration[$"DOTNET_DASHBOARD_{name}"];
    }
}
