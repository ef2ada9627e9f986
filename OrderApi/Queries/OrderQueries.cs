using System.Globalization;
using EventDriven.OrderApi.Http;

namespace EventDriven.OrderApi.Queries;

/// <summary>Queries for orders.</summary>
internal static class OrderQueries
{
    public static Task<IResult> GetAsync(Guid orderId, string? minVersion, HttpContext http, ReadModel readModel, ProjectionReader projection) =>
        projection.AnswerAsync(
            http, minVersion,
            cancellation => readModel.FindAsync($"SELECT {OrderView.Columns} FROM orders_projection WHERE order_id = @id", orderId, OrderView.From, cancellation),
            order => order.Version, OrderApiJson.Relaxed.OrderView, Problem.NotFound("order", orderId));

    /// <summary>The newest first, in pages by the key (ordered_at, order_id): a new order never moves one from a page to the next.</summary>
    public static async Task<IResult> ListAsync(
        string? customerId, string? status, string? from, string? to, string? cursor, string? limit, HttpContext http, ReadModel readModel)
    {
        var validator = new Validator();
        var conditions = new List<string>();
        var parameters = new List<(string, object?)>();
        void Where(string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                parameters.Add((name, value));
            }
        }

        Where("customer_id = @customer", "@customer", validator.OptionalId(customerId, "customerId"));
        Where("status = @status", "@status", validator.Status(status));
        Where("ordered_at >= @from", "@from", validator.Instant(from, "from"));
        Where("ordered_at < @to", "@to", validator.Instant(to, "to"));
        if (Position(validator, cursor) is { } position)
        {
            conditions.Add("ordered_at <= @at AND (ordered_at < @at OR order_id < @last)");
            parameters.AddRange([("@at", position.OrderedAt), ("@last", position.OrderId)]);
        }

        var size = validator.Limit(limit);
        if (validator.Problem is { } invalid)
        {
            return new ProblemResult(invalid);
        }

        parameters.Add(("@limit", size + 1));
        var orders = await readModel.ListAsync(
            $"""
            SELECT {OrderView.Columns} FROM orders_projection
            {(conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions))}
            ORDER BY ordered_at DESC, order_id DESC LIMIT @limit
            """,
            OrderView.From, http.RequestAborted, parameters);
        if (orders.Count <= size)
        {
            return new JsonResult<Page<OrderView>>(new(orders, null), OrderApiJson.Relaxed.PageOrderView);
        }

        orders.RemoveAt(size);
        var next = QueryParameters.CursorOf(orders[^1].OrderedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), orders[^1].OrderId.ToString());
        return new JsonResult<Page<OrderView>>(new(orders, next), OrderApiJson.Relaxed.PageOrderView);
    }

    private static (DateTimeOffset OrderedAt, Guid OrderId)? Position(Validator validator, string? cursor)
    {
        if (validator.Cursor(cursor) is not var (ticks, id))
        {
            return null;
        }

        if (long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTime.MaxValue.Ticks && Guid.TryParseExact(id, "D", out var last))
        {
            return (new(at, TimeSpan.Zero), last);
        }

        validator.Add("cursor", "must be the nextCursor of an earlier page");
        return null;
    }
}
