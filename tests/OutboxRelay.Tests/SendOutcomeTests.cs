using Confluent.Kafka;
using EventDriven.OutboxRelay.Outbox;
using EventDriven.OutboxRelay.Sending;

namespace EventDriven.OutboxRelay.Tests;

public sealed class SendOutcomeTests
{
    private static readonly Error TooLarge = new(ErrorCode.MsgSizeTooLarge);
    private static readonly Error Fatal = new(ErrorCode.Local_Fatal);
    private readonly Guid _one = Guid.CreateVersion7();
    private readonly Guid _two = Guid.CreateVersion7();

    [Fact]
    public void Acknowledged_rows_may_go()
    {
        var outcome = SendOutcome.Of([new(Row(1, _one), null), new(Row(2, _two), null)]);

        Assert.Equal([1, 2], outcome.Removable.Select(row => row.Sequence));
        Assert.Null(outcome.Failure);
    }

    [Fact]
    public void What_was_acknowledged_behind_a_failed_row_of_its_aggregate_stays()
    {
        var outcome = SendOutcome.Of([new(Row(1, _one), null), new(Row(2, _one), Fatal), new(Row(3, _one), null), new(Row(4, _two), null)]);

        Assert.Equal([1, 4], outcome.Removable.Select(row => row.Sequence));
        Assert.Equal(Fatal, outcome.Failure);
        Assert.Empty(outcome.Refused);
    }

    [Fact]
    public void A_row_refused_for_good_is_told_apart_from_one_that_only_failed_with_it()
    {
        var outcome = SendOutcome.Of([new(Row(1, _one), TooLarge), new(Row(2, _one), TooLarge), new(Row(3, _two), Fatal)]);

        Assert.Equal([1], outcome.Refused.Select(result => result.Row.Sequence));
        Assert.Equal(Fatal, outcome.Failure);
        Assert.Empty(outcome.Removable);
    }

    [Fact]
    public void Held_back_aggregates_are_tried_again_at_growing_intervals_and_forgotten_with_their_shard()
    {
        var time = new ManualTime();
        var heldBack = new HeldBackAggregates(time);
        Dictionary<int, ulong> held = new() { [5] = 1 };

        heldBack.Add(Row(1, _one));
        Assert.Null(heldBack.Due(held));
        time.Now += TimeSpan.FromSeconds(1);
        Assert.Equal((5, _one), heldBack.Due(held));
        heldBack.Add(Row(1, _one));
        time.Now += TimeSpan.FromSeconds(1);
        Assert.Null(heldBack.Due(held));
        time.Now += TimeSpan.FromSeconds(1);
        Assert.Equal((5, _one), heldBack.Due(held));
        Assert.Null(heldBack.Due(new Dictionary<int, ulong>()));
        Assert.Empty(heldBack.All);
    }

    private static OutboxRow Row(long sequence, Guid aggregate) => new()
    {
        Sequence = sequence,
        Shard = 5,
        Id = Guid.CreateVersion7(),
        AggregateType = "order",
        AggregateId = aggregate,
        AggregateVersion = (int)sequence,
        EventType = "OrderCreated",
        Payload = [],
        CreatedAt = DateTime.UnixEpoch,
    };

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
