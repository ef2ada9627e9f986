using Microsoft.Extensions.Configuration;

// What Hosting.Tests runs, inside a test and as a process.
var builder = DistributedApplication.CreateBuilder(args);

if (builder.Configuration["Fail"] is { } reason)
    throw new InvalidOperationException(reason);

var password = builder.AddParameter("password", new GenerateParameterDefault { Special = false }, secret: true, persist: true);

if (builder.Configuration.GetValue<int?>("Port") is { } port)
    builder.AddExecutable("taken", "true", ".").WithEndpoint(port: port, name: "tcp", isProxied: false);

if (builder.Configuration["WithChild"] is not null)
{
    // A shell that waits for a child, as start scripts do.
    builder.AddExecutable("parent", "sh", ".", "-c", "echo pid $$; sleep 1000 & echo pid $!; wait");
}
else
{
    var first = builder.AddProject<Projects.Hosting_SampleService>("first")
        .WithEnvironment("PASSWORD", password)
        .WithHttpHealthCheck("/");

    builder.AddProject<Projects.Hosting_SampleService>("second")
        .WithEndpoint("http", endpoint => endpoint.Port = null)
        .WithReference(first)
        .WithHttpHealthCheck("/")
        .WaitFor(first);
}

await builder.Build().RunAsync();
