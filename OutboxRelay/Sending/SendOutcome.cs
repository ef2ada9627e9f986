using Confluent.Kafka;
using EventDriven.OutboxRelay.Outbox;

namespace EventDriven.OutboxRelay.Sending;

/// <summary>What a batch came to.</summary>
/// <param name="Removable">Rows that may leave the outbox.</param>
/// <param name="Refused">Rows that Kafka will never take as they are, the first of each aggregate.</param>
/// <param name="Failure">Any other error, if there was one.</param>
internal sealed record SendOutcome(IReadOnlyList<OutboxRow> Removable, IReadOnlyList<SendResult> Refused, Error? Failure)
{
    private static readonly HashSet<ErrorCode> Permanent =
        [ErrorCode.MsgSizeTooLarge, ErrorCode.RecordListTooLarge, ErrorCode.InvalidMsg, ErrorCode.InvalidMsgSize, ErrorCode.InvalidRecord, ErrorCode.InvalidTimestamp];

    /// <summary>
    /// A row may be removed when it was acknowledged and so were all before it of its aggregate. One that was acknowledged behind a failed one stays and is
    /// sent again after it: consumers then see it twice, and drop one, but never see a hole that stays.
    /// </summary>
    /// <param name="results">The rows in the order in which they were sent.</param>
    public static SendOutcome Of(IReadOnlyList<SendResult> results)
    {
        List<OutboxRow> removable = [];
        List<SendResult> refused = [];
        Error? failure = null;
        HashSet<Guid> stopped = [];
        foreach (var result in results)
        {
            if (result.Error is not { } error)
            {
                if (!stopped.Contains(result.Row.AggregateId))
                {
                    removable.Add(result.Row);
                }

                continue;
            }

            var first = stopped.Add(result.Row.AggregateId);
            if (!Permanent.Contains(error.Code))
            {
                failure ??= error;
            }
            else if (first)
            {
                refused.Add(result);
            }
        }

        return new(removable, refused, failure);
    }
}
