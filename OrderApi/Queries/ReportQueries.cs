using EventDriven.Contracts;
using EventDriven.OrderApi.Http;
using MySqlConnector;

namespace EventDriven.OrderApi.Queries;

/// <summary>The dashboard and the windows.</summary>
internal static class ReportQueries
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>The last 30 days by day and state, the newest day first.</summary>
    public static async Task<IResult> DashboardAsync(HttpContext http, ReadModel readModel) => new JsonResult<IReadOnlyList<DashboardRow>>(
        await readModel.ListAsync(
            "SELECT order_date, status, order_count, total_revenue, avg_order_value FROM v_orders_dashboard ORDER BY order_date DESC, status",
            row => new DashboardRow(
                row.GetDateOnly(0), Enum.Parse<OrderStatus>(row.GetString(1), ignoreCase: true), row.GetInt64(2), row.GetDecimal(3), row.GetDecimal(4)),
            http.RequestAborted),
        OrderApiJson.Relaxed.IReadOnlyListDashboardRow);

    /// <summary>The newest minutes first; the current one always, even while no order has come in it.</summary>
    public static async Task<IResult> OrdersPerMinuteAsync(
        string? limit, HttpContext http, [FromKeyedServices("analytics")] MySqlDataSource analytics, TimeProvider clock)
    {
        var validator = new Validator();
        var size = validator.Limit(limit, usual: 60, most: 1440);
        if (validator.Problem is { } invalid)
        {
            return new ProblemResult(invalid);
        }

        var now = clock.GetUtcNow();
        var current = new DateTimeOffset(now.UtcTicks - now.UtcTicks % Window.Ticks, TimeSpan.Zero);
        await using var connection = await analytics.OpenConnectionAsync(http.RequestAborted);
        await using var command = new MySqlCommand(
            "SELECT window_start, order_count, revenue, average FROM orders_per_minute ORDER BY window_start DESC LIMIT @limit", connection);
        command.Parameters.AddWithValue("@limit", size);
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        var minutes = new List<MinuteOfOrders>();
        while (await reader.ReadAsync(http.RequestAborted))
        {
            var start = reader.GetInstant(0);
            minutes.Add(new(start, start + Window, reader.GetInt32(1), reader.GetDecimal(2), reader.GetDecimal(3)));
        }

        if (minutes is [] || minutes[0].WindowStart < current)
        {
            minutes.Insert(0, new(current, current + Window, 0, 0m, 0m));
        }

        return new JsonResult<IReadOnlyList<MinuteOfOrders>>([.. minutes.Take(size)], OrderApiJson.Relaxed.IReadOnlyListMinuteOfOrders);
    }
}
