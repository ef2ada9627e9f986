using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using EventDriven.OutboxRelay;
using EventDriven.OutboxRelay.Leases;
using EventDriven.OutboxRelay.Outbox;
using EventDriven.OutboxRelay.Sending;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSingleton(TimeProvider.System);

// The outbox has one publisher, and the setting says which: docs/relay.md.
if (builder.Configuration.GetValue("Outbox:Publisher", OutboxPublisher.Relay) == OutboxPublisher.Relay)
{
    AddRelay(builder);
}
else
{
    builder.Services.AddHostedService<NotPublisherNotice>();
}

var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();

static void AddRelay(WebApplicationBuilder builder)
{
    // A span for each look into the outbox would bury those of events.
    builder.AddKeyedMySqlDataSource("ecommerce", settings => settings.DisableTracing = true);

    KafkaProducerSettings? captured = null;
    builder.AddKafkaProducer<byte[], byte[]>("kafka", settings =>
    {
        // With the Aspire package the check writes to Kafka, and the spans have no parent.
        (settings.DisableHealthChecks, settings.DisableTracing) = (true, true);
        ProducerFactory.Configure(settings.Config);
        captured = settings;
    });

    var services = builder.Services;
    services.AddOptions<RelayOptions>().BindConfiguration("Relay").ValidateDataAnnotations().ValidateOnStart();
    services.AddSingleton(provider => new ProducerFactory(Settings, provider.GetRequiredService<ILogger<ProducerFactory>>()));
    services.AddSingleton<LeaseStore>();
    services.AddSingleton<ShardHolder>();
    services.AddSingleton<OutboxStore>();
    services.AddSingleton<Sender>();
    services.AddSingleton<RelayMetrics>();
    services.AddSingleton<OutboxMonitor>();
    services.AddHostedService(provider => provider.GetRequiredService<OutboxMonitor>());
    services.AddHostedService<Relay>();
    services.AddHealthChecks().AddCheck<OutboxMonitor>("outbox");

    // The relay makes its producers itself, for it must be able to drop one: the registered singleton is never made.
    ProducerConfig Settings()
    {
        var config = new ProducerConfig(captured!.Config.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal));
        config.BootstrapServers = captured.ConnectionString ?? config.BootstrapServers;
        return config;
    }
}
