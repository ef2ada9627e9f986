using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace EventDriven.LocalHosting;

/// <summary>The start, stop and restart command of every process.</summary>
internal static class LifecycleCommands
{
    public static void AddTo(IResource resource)
    {
        Add(KnownResourceCommands.StartCommand, "Start", "Start this resource.", "Play", IconVariant.Filled, highlighted: true,
            state => IsStopped(state) || state == KnownResourceStates.Waiting ? ResourceCommandState.Enabled
                : state == KnownResourceStates.Starting ? ResourceCommandState.Disabled
                : ResourceCommandState.Hidden,
            (orchestrator, context) => orchestrator.StartResourceAsync(context.ResourceName, context.CancellationToken));
        Add(KnownResourceCommands.StopCommand, "Stop", "Stop this resource.", "Stop", IconVariant.Filled, highlighted: true,
            state => state == KnownResourceStates.Running ? ResourceCommandState.Enabled
                : state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled
                : ResourceCommandState.Hidden,
            (orchestrator, context) => orchestrator.StopResourceAsync(context.ResourceName));
        Add(KnownResourceCommands.RestartCommand, "Restart", "Stop and then start this resource.", "ArrowCounterclockwise", IconVariant.Regular, highlighted: false,
            state => state == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            async (orchestrator, context) =>
            {
                await orchestrator.StopResourceAsync(context.ResourceName);
                await orchestrator.StartResourceAsync(context.ResourceName, context.CancellationToken);
            });

        void Add(string name, string display, string description, string icon, IconVariant variant, bool highlighted, Func<string?, ResourceCommandState> state, Func<Orchestrator, ExecuteCommandContext, Task> execute) =>
            resource.Annotations.Add(new ResourceCommandAnnotation(
                name,
                display,
                context => state(context.ResourceSnapshot.State?.Text),
                async context =>
                {
                    await execute(context.ServiceProvider.GetRequiredService<Orchestrator>(), context);
                    return CommandResults.Success();
                },
                description,
                parameter: null,
                confirmationMessage: null,
                icon,
                variant,
                highlighted));
    }

    private static bool IsStopped(string? state) =>
        state is not null && (KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted);
}
