using Microsoft.Extensions.Logging;

namespace EventDriven.AppHost;

/// <summary>Log messages of the AppHost; event ids 100 to 199.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Connector {Connector} was registered")]
    public static partial void ConnectorRegistered(ILogger logger, string connector);

    [LoggerMessage(101, LogLevel.Error, "Connector {Connector} was refused and is tried again: {Reason}")]
    public static partial void ConnectorRefused(ILogger logger, string connector, string reason);

    [LoggerMessage(102, LogLevel.Warning, "Connector {Connector} is restarted: {Reason}")]
    public static partial void ConnectorRestarts(ILogger logger, string connector, string reason);
}
