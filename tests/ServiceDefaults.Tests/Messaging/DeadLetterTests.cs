using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;
using EventDriven.TestSupport;

namespace EventDriven.ServiceDefaults.Tests.Messaging;

public sealed class DeadLetterTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_sender_sent_twice_is_applied_once_and_what_comes_early_waits_for_redrive()
    {
        await using var bench = await BenchAsync();
        await using var worker = await bench.StartAsync(Cancellation);
        var (twice, early) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var events = TestEvents.Order(twice);

        await bench.Producer.SendAsync([(events[0], 1), (events[1], 2), (events[0], 1), (events[1], 2), (events[2], 3), (events[1], 2)], Cancellation);
        await bench.AppliedEventuallyAsync(twice, [1, 2, 3], Cancellation);

        // Version 3 over a hole is parked; version 2 fills the hole when it comes; redrive brings version 3.
        var other = TestEvents.Order(early);
        await bench.Producer.SendAsync([(other[0], 1), (other[2], 3), (other[1], 2)], Cancellation);
        await bench.AppliedEventuallyAsync(early, [1, 2], Cancellation);
        Assert.Equal(1, await bench.CountAsync("parked_aggregates WHERE first_version = 3", Cancellation));
        var letter = Assert.Single(await bench.Broker.ReadAllAsync("dlq.events.order", Cancellation));
        Assert.Equal("gap: version 3 after 1", RecordDecoder.Text(letter.Message.Headers, DeadLetterHeaders.Reason));

        Assert.Equal(new RedriveResult(1, 1, 0, 0), await worker.RedriveAsync(Cancellation));
        Assert.Equal([1, 2, 3], await bench.AppliedAsync(early, Cancellation));
        Assert.Equal(0, await bench.CountAsync("parked_aggregates", Cancellation));
        Assert.Equal(new RedriveResult(0, 0, 0, 0), await worker.RedriveAsync(Cancellation));
    }

    [Fact]
    public async Task A_poison_event_stops_its_aggregate_only_and_redrive_puts_it_back_in_order()
    {
        await using var bench = await BenchAsync();
        var (poisoned, healthy) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var broken = true;
        await using var worker = await bench.StartAsync(Cancellation, script =>
            script.Failure = incoming => broken && incoming is { Version: 2 } && incoming.Aggregate.Id == poisoned ? new PoisonEventException(incoming, "no such card") : null);

        await bench.Producer.SendAsync(TestEvents.Order(poisoned)[..3], Cancellation);
        await bench.Producer.SendAsync(TestEvents.Order(healthy), Cancellation);
        await bench.AppliedEventuallyAsync(healthy, [1, 2, 3, 4], Cancellation);
        await Eventually.TrueAsync(async cancellation => await bench.CountAsync("parked_aggregates", cancellation) == 1, Cancellation);
        Assert.Equal([1], await bench.AppliedAsync(poisoned, Cancellation));
        Assert.Equal(["no such card", "follows version 2: no such card"], await ReasonsAsync(bench));

        // Still broken: it goes to the end of the dead letters, in order. Then repaired, with a later event that came meanwhile.
        Assert.Equal(new RedriveResult(2, 0, 0, 2), await worker.RedriveAsync(Cancellation));
        await bench.Producer.SendAsync([(TestEvents.Delivered(poisoned), 4)], Cancellation);
        await Eventually.TrueAsync(async _ => (await ReasonsAsync(bench)).Count == 5, Cancellation);
        broken = false;
        Assert.Equal(new RedriveResult(3, 3, 0, 0), await worker.RedriveAsync(Cancellation));
        Assert.Equal([1, 2, 3, 4], await bench.AppliedAsync(poisoned, Cancellation));
        Assert.Equal(0, await bench.CountAsync("parked_aggregates", Cancellation));
    }

    [Fact]
    public async Task One_bad_value_or_one_bug_is_narrowed_down_to_its_event()
    {
        await using var bench = await BenchAsync();
        var (tooLong, bug) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var healthy = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var order in (Guid[])[.. healthy[..10], tooLong, bug, .. healthy[10..]])
        {
            await bench.Producer.SendAsync(TestEvents.Order(order)[..2], Cancellation);
        }

        await using var worker = await bench.StartAsync(Cancellation, script =>
        {
            script.Note = incoming => incoming.Aggregate.Id == tooLong ? "longer than the column" : string.Empty;
            script.Failure = incoming => incoming.Aggregate.Id == bug ? new InvalidOperationException("bug") : null;
        });

        foreach (var order in healthy)
        {
            await bench.AppliedEventuallyAsync(order, [1, 2], Cancellation);
        }

        await Eventually.TrueAsync(async cancellation => await bench.CountAsync("parked_aggregates", cancellation) == 2, Cancellation);
        var reasons = await ReasonsAsync(bench);
        Assert.Equal(4, reasons.Count);
        Assert.Contains("bug", reasons);
        Assert.Contains("Data too long for column 'note' at row 1", reasons);
    }

    private static async Task<IReadOnlyList<string?>> ReasonsAsync(ConsumerBench bench) =>
        [.. (await bench.Broker.ReadAllAsync("dlq.events.order", Cancellation)).Select(letter => RecordDecoder.Text(letter.Message.Headers, DeadLetterHeaders.Reason))];

    private async Task<ConsumerBench> BenchAsync() => await ConsumerBench.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
}
