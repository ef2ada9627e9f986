using EventDriven.ServiceDefaults.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MySqlConnector;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers the transactional outbox.</summary>
public static class TransactionalOutboxExtensions
{
    /// <summary>Adds a <see cref="TransactionalOutbox"/> on the data source registered under <paramref name="name"/>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The key of the data source; its database holds <c>outbox_events</c>.</param>
    /// <param name="source">The name of this service, sent with each event.</param>
    public static void AddTransactionalOutbox(this IHostApplicationBuilder builder, string name, string source)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new TransactionalOutbox(
            services.GetRequiredKeyedService<MySqlDataSource>(name), source, services.GetRequiredService<TimeProvider>()));
    }
}
