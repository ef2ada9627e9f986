using Aspire.Hosting.ApplicationModel;
using EventDriven.LocalHosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public static class ConnectionStringBuilderExtensions
{
    /// <summary>Adds a connection string made of other resources' values. It runs once those have started.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression)
    {
        var connectionString = builder.AddResource(new ConnectionStringResource(name, connectionStringExpression))
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "ConnectionString", State = KnownResourceStates.NotStarted, Properties = [] })
            .OnInitializeResource(RunAsync);
        foreach (var source in References.In(connectionStringExpression).Where(r => r is not ParameterResource))
            connectionString.WaitForStart(builder.CreateResourceBuilder(source));
        return connectionString.WithReferenceRelationship(connectionStringExpression);
    }

    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, Action<ReferenceExpressionBuilder> connectionStringBuilder)
    {
        var expression = new ReferenceExpressionBuilder();
        connectionStringBuilder(expression);
        return builder.AddConnectionString(name, expression.Build());
    }

    private static async Task RunAsync(ConnectionStringResource resource, InitializeResourceEvent e, CancellationToken cancellationToken)
    {
        try
        {
            await e.Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, e.Services), cancellationToken);
            await e.Notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running, StartTimeStamp = DateTime.UtcNow });
            await e.Eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, e.Services), cancellationToken);
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            Log.ResourceFailed(e.Logger, resource.Name, ex.Message);
            await e.Notifications.PublishUpdateAsync(resource, s => s with { State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error) });
        }
    }
}
