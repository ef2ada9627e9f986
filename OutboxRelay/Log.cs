using Microsoft.Extensions.Logging;

namespace EventDriven.OutboxRelay;

/// <summary>Log messages of the relay; event ids 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Relay {Relay} begins")]
    public static partial void Begins(ILogger logger, string relay);

    [LoggerMessage(1001, LogLevel.Information, "Relay {Relay} ends; its shards are free")]
    public static partial void Ended(ILogger logger, string relay);

    [LoggerMessage(1002, LogLevel.Information, "Relay {Relay}: {Before} shards before, {Now} now")]
    public static partial void ShardsChanged(ILogger logger, string relay, int before, int now);

    [LoggerMessage(1003, LogLevel.Warning, "The round failed and is tried again, attempt {Attempt}")]
    public static partial void RoundFailed(ILogger logger, Exception exception, int attempt);

    [LoggerMessage(1004, LogLevel.Warning, "The lease could not be renewed while rows are in flight")]
    public static partial void RenewalFailed(ILogger logger, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "The lease ran out or shards were lost with {Rows} rows in flight; the producer is abandoned, the rows stay in the outbox")]
    public static partial void Abandoned(ILogger logger, int rows);

    [LoggerMessage(1006, LogLevel.Error, "Kafka refuses {AggregateType} {AggregateId} version {Version} ({Reason}); the aggregate is held back and tried again alone")]
    public static partial void Refused(ILogger logger, string aggregateType, Guid aggregateId, int version, string reason);

    [LoggerMessage(1007, LogLevel.Warning, "Sending failed: {Reason}; what was not acknowledged is sent again")]
    public static partial void SendFailed(ILogger logger, string reason);

    [LoggerMessage(1008, LogLevel.Warning, "{Rows} acknowledged rows were left for the new owner of their shards, which sends them again; consumers drop them by version")]
    public static partial void LeftBehind(ILogger logger, int rows);

    [LoggerMessage(1009, LogLevel.Warning, "Kafka client: {Reason}")]
    public static partial void ClientMessage(ILogger logger, string reason);

    [LoggerMessage(1010, LogLevel.Critical, "This relay refuses to publish: the outbox is published by {Recorded}, as the migrator recorded in outbox_publisher, and two publishers would send every event twice. Set Outbox:Publisher to {Recorded} here too, or to Relay everywhere and run the migrator")]
    public static partial void PublisherIsAnother(ILogger logger, string recorded);

    [LoggerMessage(1011, LogLevel.Warning, "The outbox could not be measured")]
    public static partial void MeasureFailed(ILogger logger, Exception exception);

    [LoggerMessage(1020, LogLevel.Warning, "Outbox:Publisher is Debezium: its EventRouter publishes the outbox, so this process publishes nothing; it removes the rows whose events it sees on their topics. Set it to Relay to have it publish")]
    public static partial void JanitorBegins(ILogger logger);

    [LoggerMessage(1021, LogLevel.Warning, "Removing published rows failed and is tried again, attempt {Attempt}")]
    public static partial void JanitorFailed(ILogger logger, Exception exception, int attempt);

    [LoggerMessage(1022, LogLevel.Warning, "The record {Topic}/{Partition}/{Offset} has no event id; it is left alone")]
    public static partial void NoEventId(ILogger logger, string topic, int partition, long offset);
}
