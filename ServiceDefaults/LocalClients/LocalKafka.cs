using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>What producers and consumers share: the configuration sections and the way of logging of the Aspire package.</summary>
internal static partial class LocalKafka
{
    public const string ProducerSection = "Aspire:Confluent:Kafka:Producer";
    public const string ConsumerSection = "Aspire:Confluent:Kafka:Consumer";
    public const string LogCategory = "Aspire.Confluent.Kafka";

    public static void Bind(IConfiguration configuration, string section, string name, object settings, ClientConfig config)
    {
        foreach (var part in new[] { configuration.GetSection(section), configuration.GetSection($"{section}:{name}") })
        {
            part.Bind(settings);
            part.GetSection("Config").Bind(config);
        }
    }

    public static void RequireBootstrapServers(ClientConfig config, string section, string name)
    {
        if (string.IsNullOrEmpty(config.BootstrapServers))
        {
            throw new InvalidOperationException(
                $"There are no bootstrap servers: set 'ConnectionStrings:{name}', or 'ConnectionString' in '{section}' or '{section}:{name}'.");
        }
    }

    public static void Log(ILogger logger, LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        if (logger.IsEnabled(level))
        {
            ClientMessage(logger, level, message.Facility, message.Message);
        }
    }

    [LoggerMessage(EventId = 1, Message = "{Facility}: {Text}")]
    private static partial void ClientMessage(ILogger logger, LogLevel level, string facility, string text);
}
