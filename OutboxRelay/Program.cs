using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using EventDriven.OutboxRelay;
using EventDriven.OutboxRelay.Janitor;
using EventDriven.OutboxRelay.Leases;
using EventDriven.OutboxRelay.Outbox;
using EventDriven.OutboxRelay.Sending;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSingleton(TimeProvider.System);
AddOutbox(builder);

// The outbox has one publisher, and the setting says which: docs/relay.md.
if (builder.Configuration.GetValue("Outbox:Publisher", OutboxPublisher.Relay) == OutboxPublisher.Relay)
{
    AddRelay(builder);
}
else
{
    AddJanitor(builder);
}

var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();

// What both see of the outbox: its rows, its depth and the age of its oldest row.
static void AddOutbox(WebApplicationBuilder builder)
{
    // A span for each look into the outbox would bury those of events.
    builder.AddKeyedMySqlDataSource("ecommerce", settings => settings.DisableTracing = true);

    var services = builder.Services;
    services.AddOptions<RelayOptions>().BindConfiguration("Relay").ValidateDataAnnotations().ValidateOnStart();
    services.AddSingleton<OutboxStore>();
    services.AddSingleton<RelayMetrics>();
    services.AddSingleton<OutboxMonitor>();
    services.AddHostedService(provider => provider.GetRequiredService<OutboxMonitor>());
    services.AddHealthChecks().AddCheck<OutboxMonitor>("outbox");
}

static void AddJanitor(WebApplicationBuilder builder)
{
    KafkaConsumerSettings? captured = null;
    builder.AddKafkaConsumer<byte[], byte[]>("kafka", settings =>
    {
        // With the Aspire package the check writes to Kafka, and the spans are one per record fetched.
        (settings.DisableHealthChecks, settings.DisableTracing) = (true, true);
        OutboxJanitor.Configure(settings.Config);
        captured = settings;
    });
    builder.Services.AddSingleton<JanitorStore>();

    // A new consumer after each failure: the registered singleton is never made.
    builder.Services.AddSingleton<Func<ConsumerBuilder<byte[], byte[]>>>(provider => () =>
    {
        var logger = provider.GetRequiredService<ILogger<OutboxJanitor>>();
        var config = new ConsumerConfig(captured!.Config.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal));
        config.BootstrapServers = captured.ConnectionString ?? config.BootstrapServers;
        return new ConsumerBuilder<byte[], byte[]>(config)
            .SetLogHandler((_, message) => Log.ClientMessage(logger, message.Message))
            .SetErrorHandler((_, error) => Log.ClientMessage(logger, error.Reason));
    });
    builder.Services.AddHostedService<OutboxJanitor>();
}

static void AddRelay(WebApplicationBuilder builder)
{
    KafkaProducerSettings? captured = null;
    builder.AddKafkaProducer<byte[], byte[]>("kafka", settings =>
    {
        // With the Aspire package the check writes to Kafka, and the spans have no parent.
        (settings.DisableHealthChecks, settings.DisableTracing) = (true, true);
        ProducerFactory.Configure(settings.Config);
        captured = settings;
    });

    var services = builder.Services;
    services.AddSingleton<PublisherGuard>();
    services.AddSingleton(provider => new ProducerFactory(Settings, provider.GetRequiredService<ILogger<ProducerFactory>>()));
    services.AddSingleton<LeaseStore>();
    services.AddSingleton<ShardHolder>();
    services.AddSingleton<Sender>();
    services.AddHostedService<Relay>();

    // The relay makes its producers itself, for it must be able to drop one: the registered singleton is never made.
    ProducerConfig Settings()
    {
        var config = new ProducerConfig(captured!.Config.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal));
        config.BootstrapServers = captured.ConnectionString ?? config.BootstrapServers;
        return config;
    }
}
