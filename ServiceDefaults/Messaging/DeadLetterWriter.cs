using System.Globalization;
using System.Text;
using Confluent.Kafka;
using EventDriven.Contracts;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Puts records on the dead letter topic of the topic they came from, in the partition of the same number, so that their order is kept.</summary>
internal sealed class DeadLetterWriter(IProducer<byte[]?, byte[]?> producer, string group)
{
    private static readonly string[] Names =
        [DeadLetterHeaders.Reason, DeadLetterHeaders.ConsumerGroup, DeadLetterHeaders.Topic, DeadLetterHeaders.Partition, DeadLetterHeaders.Offset];

    /// <summary>The dead letter topic of <paramref name="source"/>.</summary>
    public static string TopicOf(string source) => $"dlq.{source}";

    /// <summary>Writes them and returns when all are acknowledged.</summary>
    /// <exception cref="KafkaException">One was not.</exception>
    public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken) =>
        Task.WhenAll(letters.Select(letter => producer.ProduceAsync(
            new TopicPartition(TopicOf(letter.Record.Raw.Topic), letter.Record.Raw.Partition), Message(letter, group), cancellationToken)));

    /// <summary>The original record with the reason behind its own headers.</summary>
    public static Message<byte[]?, byte[]?> Message(DeadLetter letter, string group)
    {
        var raw = letter.Record.Raw;
        Headers headers = [.. Original(raw.Message.Headers)];
        headers.Add(DeadLetterHeaders.Reason, Encoding.UTF8.GetBytes(letter.Reason));
        headers.Add(DeadLetterHeaders.ConsumerGroup, Encoding.UTF8.GetBytes(group));
        headers.Add(DeadLetterHeaders.Topic, Encoding.UTF8.GetBytes(raw.Topic));
        headers.Add(DeadLetterHeaders.Partition, Encoding.UTF8.GetBytes(raw.Partition.Value.ToString(CultureInfo.InvariantCulture)));
        headers.Add(DeadLetterHeaders.Offset, Encoding.UTF8.GetBytes(raw.Offset.Value.ToString(CultureInfo.InvariantCulture)));
        return new() { Key = raw.Message.Key, Value = raw.Message.Value, Timestamp = raw.Message.Timestamp, Headers = headers };
    }

    /// <summary>
    /// A dead letter of <paramref name="group"/> as the record it was made from; null for one of another group, and for one whose dead letter headers were
    /// damaged.
    /// </summary>
    public static ConsumeResult<byte[]?, byte[]?>? Restore(ConsumeResult<byte[]?, byte[]?> letter, string group)
    {
        var headers = letter.Message.Headers;
        if (!string.Equals(RecordDecoder.Text(headers, DeadLetterHeaders.ConsumerGroup), group, StringComparison.Ordinal)
            || RecordDecoder.Text(headers, DeadLetterHeaders.Topic) is not { } topic
            || !int.TryParse(RecordDecoder.Text(headers, DeadLetterHeaders.Partition), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(RecordDecoder.Text(headers, DeadLetterHeaders.Offset), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return null;
        }

        return new()
        {
            TopicPartitionOffset = new(topic, partition, offset),
            Message = new() { Key = letter.Message.Key, Value = letter.Message.Value, Timestamp = letter.Message.Timestamp, Headers = [.. Original(headers)] },
        };
    }

    private static IEnumerable<IHeader> Original(Headers? headers) =>
        (headers ?? []).Where(header => !Names.Contains(header.Key, StringComparer.Ordinal));
}
