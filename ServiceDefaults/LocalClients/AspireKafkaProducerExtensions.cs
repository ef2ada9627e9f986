using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Kafka producers as the package Aspire.Confluent.Kafka does: same names, same configuration keys.</summary>
public static class AspireKafkaProducerExtensions
{
    /// <summary>Registers a singleton <see cref="IProducer{TKey,TValue}"/>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after configuration was read.</param>
    /// <param name="configureBuilder">Sets handlers and serializers.</param>
    /// <exception cref="InvalidOperationException">Thrown when the producer is first asked for and there are no bootstrap servers.</exception>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        var settings = new KafkaProducerSettings();
        LocalKafka.Bind(builder.Configuration, LocalKafka.ProducerSection, connectionName, settings, settings.Config);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);
        settings.Config.BootstrapServers = settings.ConnectionString ?? settings.Config.BootstrapServers;

        builder.Services.AddSingleton(services =>
        {
            LocalKafka.RequireBootstrapServers(settings.Config, LocalKafka.ProducerSection, connectionName);
            var producer = new ProducerBuilder<TKey, TValue>(settings.Config);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(LocalKafka.LogCategory);
            producer.SetLogHandler((_, message) => LocalKafka.Log(logger, message));
            configureBuilder?.Invoke(services, producer);
            return producer.Build();
        });
    }

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaProducerSettings},Action{IServiceProvider,ProducerBuilder{TKey,TValue}})"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings) =>
        builder.AddKafkaProducer<TKey, TValue>(connectionName, configureSettings, configureBuilder: null);
}
