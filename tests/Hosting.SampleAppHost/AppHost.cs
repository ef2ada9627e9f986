var builder = DistributedApplication.CreateBuilder(args);

var password = builder.AddParameter("password", new GenerateParameterDefault { Special = false }, secret: true, persist: true);

var first = builder.AddProject<Projects.Hosting_SampleService>("first")
    .WithEnvironment("PASSWORD", password)
    .WithHttpHealthCheck("/");

builder.AddProject<Projects.Hosting_SampleService>("second")
    .WithEndpoint("http", endpoint => endpoint.Port = null)
    .WithReference(first)
    .WaitFor(first);

builder.Build().Run();
