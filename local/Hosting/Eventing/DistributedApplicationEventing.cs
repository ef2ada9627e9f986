using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <inheritdoc cref="IDistributedApplicationEventing"/>
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly Lock _lock = new();
    private readonly List<(Type Event, DistributedApplicationEventSubscription Subscription)> _subscriptions = [];

    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
    {
        var subscription = new DistributedApplicationEventSubscription((e, ct) => callback((T)e, ct));
        lock (_lock)
            _subscriptions.Add((typeof(T), subscription));
        return subscription;
    }

    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent =>
        Subscribe<T>((e, ct) => e.Resource == resource ? callback(e, ct) : Task.CompletedTask);

    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
            _subscriptions.RemoveAll(s => s.Subscription == subscription);
    }

    public async Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        DistributedApplicationEventSubscription[] subscriptions;
        lock (_lock)
            subscriptions = [.. _subscriptions.Where(s => s.Event == typeof(T)).Select(s => s.Subscription)];
        foreach (var subscription in subscriptions)
            await subscription.Callback(@event, cancellationToken);
    }
}
