using EventDriven.AnalyticsWorker.Windows;
using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;
using EventDriven.TestSupport;

namespace EventDriven.AnalyticsWorker.Tests;

public sealed class TumblingWindowsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly PartitionKey Three = new("events.order", 3);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(59.999999, 0)]
    [InlineData(60, 60)]
    [InlineData(-0.000001, -60)]
    public void A_window_holds_its_beginning_and_not_its_end(double seconds, double start) =>
        Assert.Equal(Noon.UtcDateTime.AddSeconds(start), TumblingWindows.StartOf(Noon.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))));

    [Fact]
    public void Sums_are_exact_and_each_event_counts_in_the_minute_it_happened()
    {
        var (windows, watermarks) = Add(TimeSpan.FromMinutes(1), Order(0, 0.10m), Order(61, 0.20m), Order(59, 0.20m), Order(1, 0.30m));

        Assert.Equal([new(Noon.UtcDateTime, 3, 0.60m), new(Noon.UtcDateTime.AddMinutes(1), 1, 0.20m)], windows);
        Assert.Equal([new(Three, Noon.UtcDateTime.AddSeconds(61), 0)], watermarks);
    }

    [Fact]
    public void An_order_behind_the_grace_of_its_window_is_dropped_and_counted()
    {
        // The window of second 0 ends at 60 and is open while the watermark is below 60 + 30.
        var (windows, watermarks) = Add(TimeSpan.FromSeconds(30), Order(89, 1m), Order(0, 1m), Order(90, 1m), Order(0, 1m), Order(59, 1m), Order(60, 1m));

        Assert.Equal([1, 3], windows.Select(window => window.Orders));
        Assert.Equal([new(Three, Noon.UtcDateTime.AddSeconds(90), 2)], watermarks);
    }

    [Fact]
    public void One_partition_ahead_of_another_makes_nothing_late()
    {
        var (windows, watermarks) = Add(TimeSpan.Zero, Order(3600, 1m), Order(0, 1m, partition: 4));

        Assert.Equal(2, windows.Count);
        Assert.All(watermarks, change => Assert.Equal(0, change.Late));
    }

    [Fact]
    public void Cut_anywhere_the_same_orders_make_the_same_windows()
    {
        var random = new Random(1);
        var orders = Enumerable.Range(0, 500).Select(index => Order(index + random.Next(-300, 300), random.Next(1, 10_000) / 100m, random.Next(3))).ToArray();
        var (whole, marks) = Add(TimeSpan.FromSeconds(60), orders);

        Dictionary<PartitionKey, DateTime> watermarks = [];
        SortedDictionary<DateTime, (int Orders, decimal Revenue)> sums = [];
        var late = 0;
        for (var from = 0; from < orders.Length;)
        {
            var to = Math.Min(orders.Length, from + random.Next(1, 40));
            var (windows, changes) = TumblingWindows.Add(orders[from..to], watermarks, TimeSpan.FromSeconds(60));
            foreach (var window in windows)
            {
                var sum = sums.GetValueOrDefault(window.Start);
                sums[window.Start] = (sum.Orders + window.Orders, sum.Revenue + window.Revenue);
            }

            foreach (var change in changes)
            {
                watermarks[change.Source] = change.Watermark;
                late += change.Late;
            }

            from = to;
        }

        Assert.Equal(whole, sums.Select(sum => new WindowChange(sum.Key, sum.Value.Orders, sum.Value.Revenue)));
        Assert.Equal(marks.Sum(change => change.Late), late);
        Assert.NotEqual(0, late);
    }

    private static (IReadOnlyList<WindowChange> Windows, IReadOnlyList<WatermarkChange> Watermarks) Add(TimeSpan grace, params IncomingEvent[] events) =>
        TumblingWindows.Add(events, new Dictionary<PartitionKey, DateTime>(), grace);

    private static IncomingEvent Order(double seconds, decimal total, int partition = 3)
    {
        var order = TestEvents.OrderCreated(Guid.CreateVersion7(), total: total, at: Noon.AddSeconds(seconds));
        return new()
        {
            Topic = "events.order",
            Partition = partition,
            Offset = 0,
            EventId = Guid.CreateVersion7(),
            Aggregate = new(AggregateTypes.Order, order.OrderId),
            Version = 1,
            Event = order,
        };
    }
}
