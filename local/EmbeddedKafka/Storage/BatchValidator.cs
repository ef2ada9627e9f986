using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>Says what is wrong with a batch from a producer, by its header and checksum; the records stay unread.</summary>
internal static class BatchValidator
{
    private const int LastKnownCodec = 4; // zstd

    /// <summary>Checks the bytes sent for one partition, which since produce version 3 must be exactly one batch.</summary>
    public static AppendResult? FindProblem(ReadOnlySpan<byte> records, TopicConfig config, DateTimeOffset now, out RecordBatch batch)
    {
        batch = default;
        if (records.Length < RecordBatch.HeaderLength)
        {
            // Older message formats have their magic byte at the same place, and can be shorter than this header.
            return records.Length > 16 && records[16] < RecordBatch.Magic
                ? AppendResult.Failed(ErrorCode.UnsupportedForMessageFormat, "Message formats before 2 are not supported.")
                : AppendResult.Failed(ErrorCode.InvalidRecord, "There is no record batch.");
        }

        batch = RecordBatch.Read(records);
        if (batch.MagicByte < RecordBatch.Magic)
            return AppendResult.Failed(ErrorCode.UnsupportedForMessageFormat, "Message formats before 2 are not supported.");

        if (batch.MagicByte > RecordBatch.Magic || batch.Length != records.Length)
            return AppendResult.Failed(ErrorCode.InvalidRecord, "There must be exactly one record batch for a partition.");

        if (batch.Length > config.MaxMessageBytes)
        {
            return AppendResult.Failed(
                ErrorCode.MessageTooLarge,
                $"The record batch size is {batch.Length} bytes, which exceeds the maximum configured value of {config.MaxMessageBytes}.");
        }

        if (!RecordBatch.HasValidCrc(records))
            return AppendResult.Failed(ErrorCode.CorruptMessage, "The checksum of the record batch is wrong.");

        if (batch.RecordCount < 1 || batch.LastOffsetDelta != batch.RecordCount - 1)
            return AppendResult.Failed(ErrorCode.InvalidRecord, "The count of records and their offsets do not fit together.");

        if (batch.CompressionCodec > LastKnownCodec)
            return AppendResult.Failed(ErrorCode.InvalidRecord, "The compression is unknown.");

        if (batch.IsControl || batch.IsTransactional)
            return AppendResult.Failed(ErrorCode.InvalidRecord, Refusal.NoTransactions);

        if (batch.IsLogAppendTime)
            return AppendResult.Failed(ErrorCode.InvalidTimestamp, "Only the broker may set the log append time.");

        if (batch.HasProducerId && (batch.ProducerEpoch < 0 || batch.BaseSequence < 0))
            return AppendResult.Failed(ErrorCode.InvalidRecord, "A producer id needs an epoch and a sequence.");

        var nowMs = now.ToUnixTimeMilliseconds();
        return batch.MaxTimestamp - nowMs > config.MaxTimestampAfterMs || nowMs - batch.BaseTimestamp > config.MaxTimestampBeforeMs
            ? AppendResult.Failed(ErrorCode.InvalidTimestamp, $"The timestamp {batch.MaxTimestamp} is out of the range the topic allows.")
            : null;
    }
}
