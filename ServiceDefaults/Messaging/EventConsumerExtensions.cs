using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using EventDriven.ServiceDefaults.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers an event consumer.</summary>
public static class EventConsumerExtensions
{
    private const string Kafka = "kafka";

    /// <summary>
    /// Reads events from Kafka and applies them with <typeparamref name="THandler"/>: effects and offsets in one transaction of the database
    /// <see cref="EventConsumerOptions.Database"/>. Poison events go to <c>dlq.&lt;topic&gt;</c>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Sets the group, the database and the topics; the section <c>Consumer</c> is applied after it.</param>
    public static void AddEventConsumer<THandler>(this IHostApplicationBuilder builder, Action<EventConsumerOptions> configure)
        where THandler : class, IEventHandler
    {
        var fixedOptions = new EventConsumerOptions();
        configure(fixedOptions);
        builder.Services.AddOptions<EventConsumerOptions>().Configure(configure).BindConfiguration("Consumer").ValidateDataAnnotations().ValidateOnStart();

        // Spans of single statements would bury the ones of events; the connection is checked by using it.
        builder.AddKeyedMySqlDataSource(fixedOptions.Database, settings => settings.DisableTracing = true);
        builder.AddConsumerFactory(fixedOptions.Group);
        builder.AddDeadLetterProducer();

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IEventHandler, THandler>();
        services.AddSingleton(provider => new ConsumerStore(Database(provider), Options(provider).Group));
        services.AddSingleton(provider => new ConsumerMetrics(Options(provider).Group));
        services.AddSingleton<ConsumerHealth>();
        services.AddSingleton(provider => new DeadLetterWriter(provider.GetRequiredService<IProducer<byte[]?, byte[]?>>(), Options(provider).Group));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<BatchProcessor>(provider, Database(provider), Options(provider)));
        services.AddSingleton<Redriver>();
        services.AddHostedService<EventConsumer>();
        services.AddHealthChecks().AddCheck<ConsumerHealth>("consumer");
    }

    /// <summary>
    /// Maps <c>POST /dlq/redrive</c>: applies this group's dead letters once more and answers with a <see cref="RedriveResult"/>. Like the health endpoints
    /// it is for the local network.
    /// </summary>
    public static IEndpointRouteBuilder MapDeadLetterEndpoints(this IEndpointRouteBuilder app)
    {
        app.MapPost("/dlq/redrive", async (Redriver redriver, CancellationToken cancellationToken) => TypedResults.Ok(await redriver.RunAsync(cancellationToken)));
        return app;
    }

    private static void AddConsumerFactory(this IHostApplicationBuilder builder, string group)
    {
        KafkaConsumerSettings? captured = null;
        builder.AddKafkaConsumer<byte[]?, byte[]?>(Kafka, settings =>
        {
            // With the Aspire package the check writes to Kafka and the spans are one per record fetched.
            (settings.DisableHealthChecks, settings.DisableTracing) = (true, true);
            ConsumerFactory.Configure(settings.Config, group);
            captured = settings;
        });
        builder.Services.AddSingleton(provider => new ConsumerFactory(Settings, provider.GetRequiredService<ILogger<ConsumerFactory>>()));

        // A new consumer for each session, and one for a redrive: the registered singleton is never made.
        ConsumerConfig Settings()
        {
            var config = new ConsumerConfig(captured!.Config.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal));
            config.BootstrapServers = captured.ConnectionString ?? config.BootstrapServers;
            return config;
        }
    }

    private static void AddDeadLetterProducer(this IHostApplicationBuilder builder) =>
        builder.AddKafkaProducer<byte[]?, byte[]?>(Kafka, settings =>
        {
            (settings.DisableHealthChecks, settings.DisableTracing) = (true, true);
            settings.Config.EnableIdempotence = true;
            settings.Config.Acks = Acks.All;
            settings.Config.LingerMs = 0;
            settings.Config.MessageTimeoutMs = 10_000;
        });

    private static MySqlDataSource Database(IServiceProvider provider) => provider.GetRequiredKeyedService<MySqlDataSource>(Options(provider).Database);

    private static EventConsumerOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<EventConsumerOptions>>().Value;
}
