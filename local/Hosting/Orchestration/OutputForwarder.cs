using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDriven.LocalHosting;

/// <summary>Passes what the resources write on to the console, each line behind the resource's name, or to the AppHost's logger.</summary>
internal sealed class OutputForwarder(
    DistributedApplicationModel model,
    DistributedApplicationOptions options,
    ResourceLoggerService logs,
    ILoggerFactory loggers,
    IHostEnvironment environment) : IHostedService
{
    private Dictionary<string, string> _names = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Orchestrator.Prepare(model.Resources);
        _names = model.Resources
            .SelectMany(r => r.InstanceIds().Select((id, i) => (id, r, name: r.GetReplicaCount() > 1 ? $"{r.Name}/{i + 1}" : r.Name)))
            .Where(x => !x.r.HasAnnotationOfType<QuietAnnotation>())
            .ToDictionary(x => x.id, x => x.name, StringComparer.OrdinalIgnoreCase);
        logs.LineWritten += Forward;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Forward(string id, LogLine line)
    {
        if (!_names.TryGetValue(id, out var name))
            return;
        var text = line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        if (options.EnableResourceLogging)
            Log.ResourceOutput(loggers.CreateLogger($"{environment.ApplicationName}.Resources.{name}"), text);
        else
            (line.IsErrorMessage ? Console.Error : Console.Out).WriteLine($"{name,-18} | {text}");
    }
}
