using System.Collections.Concurrent;
using System.Diagnostics;
using EventDriven.ServiceDefaults.Messaging;
using EventDriven.TestSupport;

namespace EventDriven.ServiceDefaults.Tests.Messaging;

public sealed class EventConsumerTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_effect_is_rolled_back_with_its_offset_and_both_come_with_the_next_attempt()
    {
        await using var bench = await BenchAsync();
        var order = Guid.CreateVersion7();
        using var open = new ManualResetEventSlim();
        await using var worker = await bench.StartAsync(Cancellation, script => script.Failure = _ => open.IsSet ? null : new IOException("the database went away"));

        await bench.Producer.SendAsync(TestEvents.Order(order), Cancellation);
        await Eventually.TrueAsync(() => worker.Script.Failures.Count >= 2, Cancellation);
        Assert.Equal(0, await bench.CountAsync("applied", Cancellation));
        Assert.Equal(0, await bench.CountAsync("consumer_offsets WHERE next_offset > 0", Cancellation));

        open.Set();
        await bench.AppliedEventuallyAsync(order, [1, 2, 3, 4], Cancellation);
        Assert.Equal(1, await bench.CountAsync("consumer_offsets WHERE next_offset = 4", Cancellation));
        Assert.Empty(await bench.Broker.ReadAllAsync("dlq.events.order", Cancellation));
    }

    [Fact]
    public async Task A_zombie_that_lost_its_partition_writes_nothing()
    {
        await using var bench = await BenchAsync();
        await using var zombie = bench.Build();
        await using var owner = bench.Build();
        var order = Guid.CreateVersion7();
        var partition = new Confluent.Kafka.TopicPartition("events.order", 3);
        var records = TestEvents.Order(order).Select((domainEvent, index) => RecordDecoder.Decode(new()
        {
            TopicPartitionOffset = new(partition, index),
            Message = TestEvents.Record(domainEvent, index + 1),
        })).ToList();
        await owner.Store.PositionsAsync([partition], Cancellation);

        // Both read from offset 0. The owner comes first; the zombie's whole batch counts for nothing, and it learns where the partition stands.
        var outcome = await owner.Processor.ProcessAsync(new(records[..2], [new(partition, 0, 2)], []), Cancellation);
        Assert.Equal((2, 2L), (outcome.Applied, outcome.Offsets[partition]));
        outcome = await zombie.Processor.ProcessAsync(new(records, [new(partition, 0, 4)], []), Cancellation);
        Assert.Equal((0, 0, 2L), (outcome.Applied, outcome.Duplicates, outcome.Offsets[partition]));
        Assert.Equal([1, 2], await bench.AppliedAsync(order, Cancellation));

        // At the same moment: exactly one of many wins.
        var rest = new Batch(records[2..], [new(partition, 2, 4)], []);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => (index % 2 == 0 ? owner : zombie).Processor.ProcessAsync(rest, Cancellation)));
        Assert.Single(outcomes, result => result.Applied == 2);
        Assert.Equal([1, 2, 3, 4], await bench.AppliedAsync(order, Cancellation));
    }

    [Fact]
    public async Task Partitions_move_between_workers_without_loss_or_double()
    {
        await using var bench = await BenchAsync();
        var orders = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToList();
        var first = await bench.StartAsync(Cancellation);
        await SendAsync(bench, orders[..100]);
        await using var second = await bench.StartAsync(Cancellation);
        await SendAsync(bench, orders[100..200]);
        await Eventually.TrueAsync(async cancellation => await bench.CountAsync("applied", cancellation) >= 500, Cancellation);
        await first.DisposeAsync();
        await SendAsync(bench, orders[200..]);

        await Eventually.TrueAsync(async cancellation => await bench.CountAsync("applied", cancellation) >= 1200, Cancellation);
        Assert.Equal(1200, await bench.CountAsync("applied", Cancellation));
        foreach (var order in orders)
        {
            Assert.Equal([1, 2, 3, 4], await bench.AppliedAsync(order, Cancellation));
        }

        Assert.Empty(await bench.Broker.ReadAllAsync("dlq.events.order", Cancellation));
    }

    [Fact]
    public async Task An_applied_event_is_a_consumer_span_of_the_trace_that_wrote_it()
    {
        await using var bench = await BenchAsync();
        ConcurrentQueue<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => string.Equals(source.Name, Telemetry.Name, StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var worker = await bench.StartAsync(Cancellation);

        var order = TestEvents.OrderCreated(Guid.CreateVersion7());
        await bench.Producer.SendAsync("order", TestEvents.Record(order, 1, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), Cancellation);

        Activity? span = null;
        await Eventually.TrueAsync(() => (span = spans.FirstOrDefault(span => Equals(span.GetTagItem("messaging.kafka.message.key"), order.OrderId.ToString()))) is not null, Cancellation);
        Assert.Equal(("process events.order", ActivityKind.Consumer), (span!.DisplayName, span.Kind));
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", span.ParentId);
        Assert.Equal("kafka", span.GetTagItem("messaging.system"));
        Assert.Equal("events.order", span.GetTagItem("messaging.destination.name"));
        Assert.Equal("test-worker", span.GetTagItem("messaging.consumer.group.name"));
        Assert.Equal(0L, span.GetTagItem("messaging.kafka.offset"));
    }

    private static async Task SendAsync(ConsumerBench bench, List<Guid> orders) =>
        await Task.WhenAll(orders.Select(order => bench.Producer.SendAsync(TestEvents.Order(order), Cancellation)));

    private async Task<ConsumerBench> BenchAsync() => await ConsumerBench.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
}
