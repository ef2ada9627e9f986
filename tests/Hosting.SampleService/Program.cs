using System.Diagnostics;

// What Hosting.Tests starts: tells its environment, and dies or refuses to stop when asked.
var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/", () => "ok");
app.MapGet("/pid", () => Environment.ProcessId);
app.MapGet("/args", () => args);
app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
app.MapPost("/exit/{code:int}", (int code) =>
{
    Console.Error.WriteLine($"leaving with {code}");
    Environment.Exit(code);
});
app.MapPost("/child", () => Process.Start("sleep", ["1000"]).Id);
Console.WriteLine("sample service speaks");
await app.RunAsync();
