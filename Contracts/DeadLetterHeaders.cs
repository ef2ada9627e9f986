namespace EventDriven.Contracts;

/// <summary>Names of the headers that a consumer adds, after the original ones, to a record it puts on a dead letter topic.</summary>
public static class DeadLetterHeaders
{
    /// <summary>Why the record could not be applied; one line.</summary>
    public const string Reason = "dlq.reason";

    /// <summary>The consumer group that gave up on it.</summary>
    public const string ConsumerGroup = "dlq.group";

    /// <summary>The topic it came from.</summary>
    public const string Topic = "dlq.topic";

    /// <summary>The partition it came from, decimal digits.</summary>
    public const string Partition = "dlq.partition";

    /// <summary>The offset it had there, decimal digits.</summary>
    public const string Offset = "dlq.offset";
}
