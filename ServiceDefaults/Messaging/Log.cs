using Microsoft.Extensions.Logging;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Log messages of the consumer; event ids 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Reading {Topics} as {Group}")]
    public static partial void Started(ILogger logger, string topics, string group);

    [LoggerMessage(2001, LogLevel.Information, "Assigned {Partitions}")]
    public static partial void Assigned(ILogger logger, string partitions);

    [LoggerMessage(2002, LogLevel.Information, "Gave up {Partitions}")]
    public static partial void Revoked(ILogger logger, string partitions);

    [LoggerMessage(2003, LogLevel.Warning, "Kafka client: {Reason}")]
    public static partial void ClientError(ILogger logger, string reason);

    [LoggerMessage(2004, LogLevel.Error, "The consumer failed and is started again")]
    public static partial void ConsumerFailed(ILogger logger, Exception exception);

    [LoggerMessage(2005, LogLevel.Warning, "Positions cannot be read from the database, attempt {Attempt}")]
    public static partial void PositionsRetry(ILogger logger, Exception exception, int attempt);

    [LoggerMessage(2006, LogLevel.Warning, "The batch was rolled back and is tried again, attempt {Attempt}")]
    public static partial void BatchRetry(ILogger logger, Exception exception, int attempt);

    [LoggerMessage(2007, LogLevel.Warning, "A batch of {Records} failed; it is halved to find the event that does not pass")]
    public static partial void BatchSplit(ILogger logger, Exception exception, int records);

    [LoggerMessage(2008, LogLevel.Warning, "An event could not be applied, attempt {Attempt} of {Attempts}")]
    public static partial void HandlerRetry(ILogger logger, Exception exception, int attempt, int attempts);

    [LoggerMessage(2009, LogLevel.Error, "To the dead letter topic: {Topic} [{Partition}] @{Offset}, aggregate {AggregateId} version {Version}: {Reason}")]
    public static partial void DeadLettered(ILogger logger, string topic, int partition, long offset, Guid? aggregateId, int? version, string reason);

    [LoggerMessage(2010, LogLevel.Information, "{AggregateType} {AggregateId} is no longer parked")]
    public static partial void Released(ILogger logger, string aggregateType, Guid aggregateId);

    [LoggerMessage(2011, LogLevel.Information, "{Partitions} partitions of a batch were moved on by another worker; reading on from where it stands")]
    public static partial void Fenced(ILogger logger, int partitions);

    [LoggerMessage(2012, LogLevel.Information, "Redrive of {Topic} begins")]
    public static partial void RedriveBegins(ILogger logger, string topic);

    [LoggerMessage(2013, LogLevel.Information, "Redrive done: {Read} read, {Applied} applied, {Duplicates} known before, {Parked} still parked")]
    public static partial void RedriveDone(ILogger logger, int read, int applied, int duplicates, int parked);
}
