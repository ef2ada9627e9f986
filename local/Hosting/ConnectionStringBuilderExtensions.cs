using Aspire.Hosting.ApplicationModel;
using EventDriven.LocalHosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public static class ConnectionStringBuilderExtensions
{
    /// <summary>
    /// Adds a connection string made of other resources' values. It runs once those have started that it names whole or by an endpoint;
    /// as in Aspire, a single property of an endpoint does not make it wait.
    /// </summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression)
    {
        var connectionString = builder.AddResource(new ConnectionStringResource(name, connectionStringExpression))
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "ConnectionString", State = KnownResourceStates.NotStarted, Properties = [] })
            .OnInitializeResource(RunAsync);
        var sources = connectionStringExpression.ValueProviders.SelectMany(value => value is IValueWithReferences and not IResource ? ((IValueWithReferences)value).References : [value]);
        foreach (var source in sources.OfType<IResource>().Where(r => r is not ParameterResource).Distinct())
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
