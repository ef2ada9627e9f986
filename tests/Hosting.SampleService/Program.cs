// What Hosting.Tests starts: tells who it is and what environment it got.
var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/", () => "ok");
app.MapGet("/pid", () => Environment.ProcessId);
app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
await app.RunAsync();
