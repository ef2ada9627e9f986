using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka;

/// <summary>Everything the broker logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Endpoint}, data in {Directory}, {Topics} topics")]
    public static partial void Started(ILogger logger, string endpoint, string directory, int topics);

    [LoggerMessage(2, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "Closing the connection from {Peer}: {Reason}")]
    public static partial void BadRequest(ILogger logger, string peer, string reason);

    [LoggerMessage(4, LogLevel.Error, "Closing the connection from {Peer} after an unexpected error")]
    public static partial void ConnectionFailed(ILogger logger, Exception exception, string peer);

    [LoggerMessage(5, LogLevel.Debug, "Connection from {Peer} ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, string peer, string reason);

    [LoggerMessage(10, LogLevel.Warning, "{Directory}: {Bytes} bytes of an unfinished batch cut at offset {Offset}; they were never acknowledged")]
    public static partial void TornBatchCut(ILogger logger, string directory, long offset, long bytes);

    [LoggerMessage(11, LogLevel.Error, "{Directory}: append failed")]
    public static partial void AppendFailed(ILogger logger, Exception exception, string directory);

    [LoggerMessage(12, LogLevel.Warning, "{Directory}: index not saved, the next start will scan the segment")]
    public static partial void StateNotSaved(ILogger logger, Exception exception, string directory);

    [LoggerMessage(13, LogLevel.Information, "{Directory}: retention deleted {Segments} segments, the log starts at {Offset}")]
    public static partial void RetentionApplied(ILogger logger, string directory, int segments, long offset);

    [LoggerMessage(14, LogLevel.Error, "Topic {Topic}: retention failed")]
    public static partial void RetentionFailed(ILogger logger, Exception exception, string topic);

    [LoggerMessage(15, LogLevel.Information, "Topic {Topic} created with {Partitions} partitions")]
    public static partial void TopicCreated(ILogger logger, string topic, int partitions);

    [LoggerMessage(16, LogLevel.Information, "Topic {Topic} deleted")]
    public static partial void TopicDeleted(ILogger logger, string topic);

    [LoggerMessage(17, LogLevel.Error, "Topic {Topic}: {Operation} failed")]
    public static partial void TopicOperationFailed(ILogger logger, Exception exception, string topic, string operation);

    [LoggerMessage(18, LogLevel.Error, "{Directory}: the segment from offset {Offset} is dropped, because the one before it is damaged from {End} on")]
    public static partial void SegmentDropped(ILogger logger, string directory, long offset, long end);

    [LoggerMessage(20, LogLevel.Information, "Group {Group}: generation {Generation} with {Members} members by {Protocol}")]
    public static partial void GenerationBegun(ILogger logger, string group, int generation, int members, string protocol);

    [LoggerMessage(21, LogLevel.Information, "Group {Group}: member {Member} has not been heard of for its session timeout")]
    public static partial void MemberExpired(ILogger logger, string group, string member);

    [LoggerMessage(22, LogLevel.Error, "Group {Group}: offsets not stored")]
    public static partial void OffsetsNotStored(ILogger logger, Exception exception, string group);

    [LoggerMessage(23, LogLevel.Error, "Expiring offsets failed")]
    public static partial void OffsetExpiryFailed(ILogger logger, Exception exception);
}
