namespace EventDriven.AppHost;

/// <summary>What Kafka's programs print: what happened, not every request and not every setting of every client. Log4j 2, as Kafka has it since 4.0.</summary>
internal static class JavaLog
{
    private const string Settings = """
        status = warn
        appender.console.type = Console
        appender.console.name = console
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %p %m (%c{1})%n
        rootLogger.level = warn
        rootLogger.appenderRef.console.ref = console
        logger.connect.name = org.apache.kafka.connect
        logger.connect.level = info
        logger.requests.name = org.apache.kafka.connect.runtime.rest
        logger.requests.level = warn
        logger.settings.name = org.apache.kafka.common.config
        logger.settings.level = warn
        logger.debezium.name = io.debezium
        logger.debezium.level = info
        logger.broker.name = kafka.server.KafkaRaftServer
        logger.broker.level = info
        """;

    /// <summary>The value of <c>KAFKA_LOG4J_OPTS</c> that makes a program use the file in the folder.</summary>
    public static string Options(string folder) => $"-Dlog4j2.configurationFile={File(folder)}";

    /// <summary>Writes the file that <see cref="Options"/> names.</summary>
    public static Task WriteAsync(string folder, CancellationToken cancellationToken) =>
        System.IO.File.WriteAllTextAsync(File(folder), Settings, cancellationToken);

    private static string File(string folder) => Path.Combine(folder, "log4j2.properties");
}
