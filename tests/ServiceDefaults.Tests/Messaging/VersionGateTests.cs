using Confluent.Kafka;
using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;
using EventDriven.TestSupport;

namespace EventDriven.ServiceDefaults.Tests.Messaging;

public sealed class VersionGateTests
{
    private static readonly Guid Order = Guid.CreateVersion7();
    private static readonly AggregateKey Key = new(AggregateTypes.Order, Order);
    private readonly Dictionary<AggregateKey, int> _applied = [];
    private readonly Dictionary<AggregateKey, ParkedAggregate> _parked = [];
    private readonly Dictionary<IncomingRecord, string> _rejected = new(ReferenceEqualityComparer.Instance);

    [Fact]
    public void The_next_version_is_applied()
    {
        _applied[Key] = 2;

        var verdict = Judge(Record(3), Record(4));

        Assert.Equal([3, 4], verdict.Events.Select(incoming => incoming.Version));
        Assert.Equal(4, verdict.Versions[Key]);
        Assert.Empty(verdict.DeadLetters);
    }

    [Fact]
    public void What_was_applied_before_is_a_duplicate_also_within_the_batch()
    {
        _applied[Key] = 2;

        var verdict = Judge(Record(1), Record(3), Record(2), Record(3));

        Assert.Equal([3], verdict.Events.Select(incoming => incoming.Version));
        Assert.Equal([1, 2, 3], verdict.Duplicates.Select(record => record.Version!.Value));
    }

    [Fact]
    public void Nothing_is_applied_over_a_hole()
    {
        _applied[Key] = 2;

        var verdict = Judge(Record(4), Record(5));

        Assert.Empty(verdict.Events);
        Assert.Equal(["gap: version 4 after 2", "follows version 4: gap: version 4 after 2"], verdict.DeadLetters.Select(letter => letter.Reason));
        Assert.Equal(new ParkedAggregate(4, 5, "gap: version 4 after 2"), verdict.Parking[Key]);
        Assert.Empty(verdict.Versions);
    }

    [Fact]
    public void What_fills_the_hole_is_applied_and_the_aggregate_stays_parked_until_its_last_letter_is()
    {
        _applied[Key] = 2;
        _parked[Key] = new(4, 5, "gap");

        var verdict = Judge(Record(3), Record(4));

        Assert.Equal([3, 4], verdict.Events.Select(incoming => incoming.Version));
        Assert.Empty(verdict.Parking);

        Assert.Null(Judge(Record(3), Record(4), Record(5)).Parking[Key]);
    }

    [Fact]
    public void A_poison_record_parks_its_aggregate_and_no_other()
    {
        var other = Guid.CreateVersion7();

        var verdict = Judge(Record(1, payload: "{"u8.ToArray()), Record(2), Record(1, order: other), Record(2, order: other));

        Assert.All(verdict.Events, incoming => Assert.Equal(other, incoming.Aggregate.Id));
        Assert.Equal(2, verdict.Events.Count);
        Assert.StartsWith("follows version 1: ", verdict.DeadLetters[1].Reason, StringComparison.Ordinal);
        Assert.Equal((1, 2), (verdict.Parking[Key]!.Value.FirstVersion, verdict.Parking[Key]!.Value.LastVersion));
    }

    [Fact]
    public void A_record_the_handler_refused_is_parked_with_its_reason()
    {
        var refused = Record(1);
        _rejected[refused] = "no such product";

        var verdict = Judge(refused, Record(2));

        Assert.Empty(verdict.Events);
        Assert.Equal("no such product", verdict.Parking[Key]!.Value.Reason);
    }

    [Fact]
    public void A_record_of_no_known_aggregate_is_dead_and_parks_nothing()
    {
        var raw = Raw(1, Order, null);
        raw.Message.Key = "not a uuid"u8.ToArray();

        var verdict = Judge(RecordDecoder.Decode(raw));

        Assert.Single(verdict.DeadLetters);
        Assert.Empty(verdict.Parking);
    }

    private static ConsumeResult<byte[]?, byte[]?> Raw(int version, Guid order, byte[]? payload) => new()
    {
        TopicPartitionOffset = new("events.order", 3, version),
        Message = TestEvents.Record(version == 1 ? TestEvents.OrderCreated(order) : TestEvents.Paid(order), version, payload: payload),
    };

    private static IncomingRecord Record(int version, Guid? order = null, byte[]? payload = null) => RecordDecoder.Decode(Raw(version, order ?? Order, payload));

    private Verdict Judge(params IncomingRecord[] records) => VersionGate.Judge(records, _applied, _parked, _rejected);
}
