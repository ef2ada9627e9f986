using EventDriven.LocalHosting;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Runs the commands of resources.</summary>
public class ResourceCommandService
{
    private readonly IServiceProvider _services;

    internal ResourceCommandService(IServiceProvider services) => _services = services;

    /// <summary>Runs a command on one instance; <paramref name="resourceId"/> may be the resource's name where it has only one.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var notifications = _services.GetRequiredService<ResourceNotificationService>();
        return notifications.TryGetCurrentState(resourceId, out var state)
            ? ExecuteAsync(state.Resource, state.ResourceId, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"Resource '{resourceId}' not found."));
    }

    /// <summary>Runs a command on every instance of a resource at once.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        var results = await Task.WhenAll(resource.InstanceIds().Select(id => ExecuteAsync(resource, id, commandName, cancellationToken)));
        return results.FirstOrDefault(r => !r.Success) ?? results[0];
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string resourceId, string commandName, CancellationToken cancellationToken)
    {
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(c => c.Name == commandName);
        if (command is null)
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{resourceId}'.");

        var logger = _services.GetRequiredService<ResourceLoggerService>().GetLogger(resourceId);
        try
        {
            var result = await command.ExecuteCommand(new ExecuteCommandContext
            {
                ServiceProvider = _services,
                ResourceName = resourceId,
                CancellationToken = cancellationToken,
                Logger = logger,
            });
            if (!result.Success && !result.Canceled)
                Log.CommandFailed(logger, commandName, result.Message ?? "no reason given", null);
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
#pragma warning disable CA1031 // A command's failure is its result.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            Log.CommandFailed(logger, commandName, ex.Message, ex);
            return CommandResults.Failure(ex);
        }
    }
}
