namespace EventDriven.OrderApi;

/// <summary>What this service logs; event ids are given once and never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "MariaDB cannot do it now: {Reason}")]
    public static partial void DatabaseUnavailable(this ILogger logger, string reason);

    [LoggerMessage(1002, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Unexpected(this ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(1003, LogLevel.Information, "Removed {Count} expired idempotency keys")]
    public static partial void IdempotencyKeysRemoved(this ILogger logger, int count);

    [LoggerMessage(1004, LogLevel.Warning, "Expired idempotency keys could not be removed: {Reason}")]
    public static partial void IdempotencyKeysKept(this ILogger logger, string reason);
}
