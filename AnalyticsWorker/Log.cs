using Microsoft.Extensions.Logging;

namespace EventDriven.AnalyticsWorker;

/// <summary>Log messages of the worker; event ids 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Warning, "Changed windows could not be published and are tried again, attempt {Attempt}")]
    public static partial void PublishRetry(ILogger logger, Exception exception, int attempt);
}
