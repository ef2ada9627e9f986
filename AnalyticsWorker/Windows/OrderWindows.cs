using System.Diagnostics.Metrics;
using EventDriven.Contracts;
using EventDriven.ServiceDefaults;
using EventDriven.ServiceDefaults.MariaDb;
using EventDriven.ServiceDefaults.Messaging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace EventDriven.AnalyticsWorker.Windows;

/// <summary>Adds orders to their windows in <c>orders_per_minute</c>.</summary>
internal sealed class OrderWindows(IOptions<AnalyticsOptions> options) : IEventHandler
{
    private static readonly Counter<long> LateDropped = Telemetry.Meter.CreateCounter<long>(
        "eventdriven.analytics.late_dropped", "{event}", "Orders that came after their window's grace had passed; a batch that is rolled back counts again.");

    public async Task ApplyAsync(IReadOnlyList<IncomingEvent> events, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        var orders = events.Where(incoming => incoming.Event is OrderCreated).ToList();
        if (orders.Count == 0)
        {
            return;
        }

        var sources = orders.Select(order => new PartitionKey(order.Topic, order.Partition)).Distinct().ToList();
        var (windows, watermarks) = TumblingWindows.Add(orders, await WatermarksAsync(sources, transaction, cancellationToken), options.Value.Grace);
        var sql = new SqlBuilder();
        if (windows.Count > 0)
        {
            sql.Sql("INSERT INTO orders_per_minute (window_start, order_count, revenue, updated_at) VALUES ")
                .Rows(windows, window => [window.Start, window.Orders, window.Revenue, DateTime.UtcNow])
                .Sql("""
                     ON DUPLICATE KEY UPDATE order_count = order_count + VALUES(order_count), revenue = revenue + VALUES(revenue),
                    version = version + 1, updated_at = VALUES(updated_at);
                    """);
        }

        sql.Sql("INSERT INTO window_watermarks (topic, partition_id, watermark, late_dropped) VALUES ")
            .Rows(watermarks, change => [change.Source.Topic, change.Source.Partition, change.Watermark, change.Late])
            .Sql(" ON DUPLICATE KEY UPDATE watermark = VALUES(watermark), late_dropped = late_dropped + VALUES(late_dropped)");
        await sql.ExecuteAsync(transaction, cancellationToken);
        LateDropped.Add(watermarks.Sum(change => change.Late));
    }

    // The offset row of each partition is locked by the caller, so nothing else changes its watermark meanwhile.
    private static async Task<Dictionary<PartitionKey, DateTime>> WatermarksAsync(
        List<PartitionKey> sources, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new SqlBuilder().Sql("SELECT topic, partition_id, watermark FROM window_watermarks WHERE (topic, partition_id) IN (")
            .Rows(sources, source => [source.Topic, source.Partition]).Sql(")").ToCommand(transaction.Connection!, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<PartitionKey, DateTime> watermarks = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            watermarks.Add(new(reader.GetString(0), reader.GetInt32(1)), DateTime.SpecifyKind(reader.GetDateTime(2), DateTimeKind.Utc));
        }

        return watermarks;
    }
}
