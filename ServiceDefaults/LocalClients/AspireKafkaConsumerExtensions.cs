using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Kafka consumers as the package Aspire.Confluent.Kafka does: same names, same configuration keys.</summary>
public static class AspireKafkaConsumerExtensions
{
    /// <summary>Registers a singleton <see cref="IConsumer{TKey,TValue}"/>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after configuration was read.</param>
    /// <param name="configureBuilder">Sets handlers and deserializers.</param>
    /// <exception cref="InvalidOperationException">Thrown when the consumer is first asked for and there are no bootstrap servers or no group id.</exception>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        var settings = new KafkaConsumerSettings();
        LocalKafka.Bind(builder.Configuration, LocalKafka.ConsumerSection, connectionName, settings, settings.Config);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);
        settings.Config.BootstrapServers = settings.ConnectionString ?? settings.Config.BootstrapServers;

        builder.Services.AddSingleton(services =>
        {
            LocalKafka.RequireBootstrapServers(settings.Config, LocalKafka.ConsumerSection, connectionName);
            if (string.IsNullOrEmpty(settings.Config.GroupId))
            {
                throw new InvalidOperationException($"There is no group id: set 'Config:GroupId' in '{LocalKafka.ConsumerSection}'.");
            }

            var consumer = new ConsumerBuilder<TKey, TValue>(settings.Config);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(LocalKafka.LogCategory);
            consumer.SetLogHandler((_, message) => LocalKafka.Log(logger, message));
            configureBuilder?.Invoke(services, consumer);
            return consumer.Build();
        });
    }

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaConsumerSettings},Action{IServiceProvider,ConsumerBuilder{TKey,TValue}})"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings) =>
        builder.AddKafkaConsumer<TKey, TValue>(connectionName, configureSettings, configureBuilder: null);
}
