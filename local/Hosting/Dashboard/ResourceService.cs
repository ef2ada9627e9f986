using Aspire.Hosting.ApplicationModel;
using EventDriven.LocalHosting.Dashboard.Proto;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace EventDriven.LocalHosting.Dashboard;

/// <summary>Tells the dashboard of the resources and runs their commands for it.</summary>
internal sealed class ResourceService(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IHostEnvironment environment,
    ResourceServiceHost host) : DashboardService.DashboardServiceBase
{
    public override Task<ApplicationInformationResponse> GetApplicationInformation(ApplicationInformationRequest request, ServerCallContext context) =>
        Task.FromResult(new ApplicationInformationResponse { ApplicationName = environment.ApplicationName });

    public override Task WatchResources(WatchResourcesRequest request, IServerStreamWriter<WatchResourcesUpdate> responseStream, ServerCallContext context) =>
        UntilCancelledAsync(context, async stop =>
        {
            var initial = new InitialResourceData();
            initial.Resources.AddRange(notifications.Current().Select(ProtoMapping.ToProto));
            await responseStream.WriteAsync(new WatchResourcesUpdate { InitialData = initial }, stop);

            await foreach (var change in notifications.WatchAsync(stop))
            {
                var changes = new WatchResourcesChanges();
                changes.Value.Add(new WatchResourcesChange { Upsert = change.ToProto() });
                await responseStream.WriteAsync(new WatchResourcesUpdate { Changes = changes }, stop);
            }
        });

    public override Task WatchResourceConsoleLogs(WatchResourceConsoleLogsRequest request, IServerStreamWriter<WatchResourceConsoleLogsUpdate> responseStream, ServerCallContext context) =>
        UntilCancelledAsync(context, async stop =>
        {
            var batches = request.SuppressFollow ? logs.GetAllAsync(request.ResourceName) : logs.WatchAsync(request.ResourceName);
            await foreach (var batch in batches.WithCancellation(stop))
            {
                var update = new WatchResourceConsoleLogsUpdate();
                update.LogLines.AddRange(batch.Select(line => new ConsoleLogLine
                {
                    LineNumber = line.LineNumber,
                    Text = line.Content,
                    IsStdErr = line.IsErrorMessage,
                }));
                await responseStream.WriteAsync(update, stop);
            }
        });

    public override async Task<ResourceCommandResponse> ExecuteResourceCommand(ResourceCommandRequest request, ServerCallContext context)
    {
        var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, context.CancellationToken);
        var response = new ResourceCommandResponse
        {
            Kind = result.Success ? ResourceCommandResponseKind.Succeeded
                : result.Canceled ? ResourceCommandResponseKind.Cancelled
                : ResourceCommandResponseKind.Failed,
        };
        if (result.Message is { } message)
            response.Message = message;
        return response;
    }

    /// <summary>There are no questions to the user here; the stream stays open so that the dashboard does not ask again.</summary>
    public override Task WatchInteractions(IAsyncStreamReader<WatchInteractionsRequestUpdate> requestStream, IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream, ServerCallContext context) =>
        UntilCancelledAsync(context, async stop =>
        {
            while (await requestStream.MoveNext(stop))
            {
            }
        });

    private async Task UntilCancelledAsync(ServerCallContext context, Func<CancellationToken, Task> serve)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, host.Stopping);
        try
        {
            await serve(stop.Token);
        }
        catch (Exception ex) when (stop.IsCancellationRequested && ex is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The dashboard has gone, or the host stops.
        }
    }
}
