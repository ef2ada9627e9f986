using System.Globalization;

namespace EventDriven.Hosting.Tests;

public sealed class EnvironmentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_project_gets_the_environment_that_Aspire_gives()
    {
        var builder = RunningApp.CreateBuilder();
        var api = builder.AddProject<Projects.Hosting_SampleService>("order-api").WithHttpHealthCheck("/").WithHttpEndpoint(name: "admin", env: "ADMIN_PORT");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.Notifications.WaitForResourceHealthyAsync("order-api", Cancellation);

        Assert.True(app.Notifications.TryGetCurrentState("order-api", out var state));
        var port = api.GetEndpoint("http").Port.ToString(CultureInfo.InvariantCulture);
        var expected = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ADMIN_PORT"] = api.GetEndpoint("admin").Port.ToString(CultureInfo.InvariantCulture),
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = $"http://localhost:{port}",
            ["DOTNET_LAUNCH_PROFILE"] = "http",
            ["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true",
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true",
            ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={state.ResourceId["order-api-".Length..]}",
            ["OTEL_SERVICE_NAME"] = "order-api",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            ["SAMPLE_FROM_PROFILE"] = "yes",
        };
        Assert.Equal(expected.OrderBy(e => e.Key, StringComparer.Ordinal), state.Snapshot.EnvironmentVariables.Select(v => KeyValuePair.Create(v.Name, v.Value)));

        using var client = new HttpClient();
        var seen = await client.GetStringAsync(new Uri($"http://localhost:{port}/environment"), Cancellation);
        Assert.All(expected, variable => Assert.Contains(variable.Value!, seen, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reference_to_a_connection_string_injects_it_and_its_properties()
    {
        var builder = RunningApp.CreateBuilder("--ConnectionStrings:given=Host=somewhere");
        var password = builder.AddParameter("db-password", "s3cret", secret: true);
        var server = builder.AddResource(new Server("db-server", password.Resource)).WithEndpoint(name: "tcp", scheme: "tcp");
        var given = builder.AddConnectionString("given");
        var missing = builder.AddConnectionString("missing");
        var composed = builder.AddConnectionString("composed", ReferenceExpression.Create($"{server.GetEndpoint("tcp").Property(EndpointProperty.HostAndPort)}/x"));
        builder.AddExecutable("client", "env", ".")
            .WithReference(server)
            .WithReference(given, connectionName: "renamed")
            .WithReference(missing, optional: true)
            .WithReference(composed)
            .WithEnvironment("PASSWORD", password)
            .WithEnvironment("MIXED", $"{password}@{server.GetEndpoint("tcp").Property(EndpointProperty.Port)}{{}}");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.WaitForEndAsync("client", Cancellation);

        var port = server.GetEndpoint("tcp").Port.ToString(CultureInfo.InvariantCulture);
        var output = await app.OutputAsync("client");
        Assert.Contains($"ConnectionStrings__db-server=Server=localhost;Port={port};Password=s3cret", output);
        Assert.Contains("DB_SERVER_HOST=localhost", output);
        Assert.Contains($"DB_SERVER_PORT={port}", output);
        Assert.Contains("ConnectionStrings__renamed=Host=somewhere", output);
        Assert.DoesNotContain(output, line => line.StartsWith("ConnectionStrings__missing", StringComparison.Ordinal));
        Assert.Contains($"ConnectionStrings__composed=localhost:{port}/x", output);
        Assert.Contains("PASSWORD=s3cret", output);
        Assert.Contains($"MIXED=s3cret@{port}{{}}", output);
    }

    [Fact]
    public async Task A_reference_to_a_project_injects_service_discovery_and_endpoint_variables()
    {
        var builder = RunningApp.CreateBuilder();
        var api = builder.AddProject<Projects.Hosting_SampleService>("order-api").WithExplicitStart();
        builder.AddExecutable("client", "env", ".").WithReference(api).WithReference("shop", new Uri("https://shop.example/"));
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.WaitForEndAsync("client", Cancellation);

        var output = await app.OutputAsync("client");
        var url = api.GetEndpoint("http").Url;
        Assert.Contains($"services__order-api__http__0={url}", output);
        Assert.Contains($"ORDER_API_HTTP={url}", output);
        Assert.Contains("services__shop__default__0=https://shop.example/", output);
        Assert.Contains("shop=https://shop.example/", output);
    }

    [Fact]
    public async Task What_is_the_AppHosts_own_is_not_inherited()
    {
        var builder = RunningApp.CreateBuilder();
        builder.AddExecutable("client", "env", ".").WithArgs("-u", "NOTHING");
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.WaitForEndAsync("client", Cancellation);

        var names = (await app.OutputAsync("client")).Select(line => line.Split('=')[0]).ToArray();
        Assert.Contains("PATH", names);
        Assert.DoesNotContain("ASPNETCORE_URLS", names);
        Assert.DoesNotContain("DOTNET_ENVIRONMENT", names);
    }

    [Fact]
    public async Task Arguments_are_evaluated_when_the_process_starts()
    {
        var builder = RunningApp.CreateBuilder();
        var executable = builder.AddExecutable("echo", "echo", ".", "first").WithEndpoint(name: "tcp", scheme: "tcp", env: "TCP_PORT");
        executable
            .WithArgs(executable.GetEndpoint("tcp").Property(EndpointProperty.TargetPort))
            .WithArgs(context => context.Args.Add("last"));
        await using var app = await RunningApp.StartAsync(builder, Cancellation);

        await app.WaitForEndAsync("echo", Cancellation);

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"first {executable.GetEndpoint("tcp").Port} last"), await app.OutputAsync("echo"));
    }

    private sealed class Server(string name, ParameterResource password)
        : ExecutableResource(name, "sleep", "/"), IResourceWithConnectionString
    {
        private EndpointReference Endpoint => new(this, "tcp");

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
            $"Server={Endpoint.Property(EndpointProperty.Host)};Port={Endpoint.Property(EndpointProperty.Port)};Password={password}");

        public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
        [
            new("Host", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Host)}")),
            new("Port", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Port)}")),
        ];
    }
}
