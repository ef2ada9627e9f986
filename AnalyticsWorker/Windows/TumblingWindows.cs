using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Messaging;

namespace EventDriven.AnalyticsWorker.Windows;

/// <summary>Tumbling windows of one minute over the time at which orders were placed.</summary>
internal static class TumblingWindows
{
    /// <summary>A window's length.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>Where the window begins that holds <paramref name="time"/>, UTC.</summary>
    public static DateTime StartOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % Length.Ticks), DateTimeKind.Utc);

    /// <summary>
    /// Adds up a batch. An order is late when its window's end plus <paramref name="grace"/> is not after the watermark of its partition, the highest time
    /// seen there before it. What is late depends on the order within the partition alone, so reading everything again gives the same windows.
    /// </summary>
    /// <param name="events">The batch; events other than <see cref="OrderCreated"/> are passed over.</param>
    /// <param name="watermarks">The watermarks before it.</param>
    /// <param name="grace">How long a window stays open after its end.</param>
    public static (IReadOnlyList<WindowChange> Windows, IReadOnlyList<WatermarkChange> Watermarks) Add(
        IReadOnlyList<IncomingEvent> events, IReadOnlyDictionary<PartitionKey, DateTime> watermarks, TimeSpan grace)
    {
        SortedDictionary<DateTime, WindowChange> windows = [];
        Dictionary<PartitionKey, WatermarkChange> changes = [];
        foreach (var incoming in events)
        {
            if (incoming.Event is not OrderCreated order)
            {
                continue;
            }

            var source = new PartitionKey(incoming.Topic, incoming.Partition);
            var before = changes.TryGetValue(source, out var change) ? change : new(source, watermarks.GetValueOrDefault(source, DateTime.MinValue), 0);
            var (start, time) = (StartOf(order.CreatedAt), order.CreatedAt.UtcDateTime);
            if (start + Length + grace <= before.Watermark)
            {
                changes[source] = before with { Late = before.Late + 1 };
                continue;
            }

            changes[source] = before with { Watermark = time > before.Watermark ? time : before.Watermark };
            var window = windows.GetValueOrDefault(start, new(start, 0, 0m));
            windows[start] = window with { Orders = window.Orders + 1, Revenue = window.Revenue + order.TotalAmount };
        }

        return ([.. windows.Values], [.. changes.Values]);
    }
}
