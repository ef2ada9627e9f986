using EventDriven.OrderApi.Http;

namespace EventDriven.OrderApi.Queries;

/// <summary>Queries for customers and products.</summary>
internal static class CatalogQueries
{
    public static Task<IResult> GetCustomerAsync(
        Guid customerId, string? minVersion, HttpContext http, ReadModel readModel, ProjectionReader projection) =>
        projection.AnswerAsync(
            http, minVersion, cancellation => readModel.FindAsync(CustomerView.Select, customerId, CustomerView.From, cancellation),
            customer => customer.Version, OrderApiJson.Relaxed.CustomerView, Problem.NotFound("customer", customerId));

    public static Task<IResult> GetProductAsync(
        Guid productId, string? minVersion, HttpContext http, ReadModel readModel, ProjectionReader projection) =>
        projection.AnswerAsync(
            http, minVersion,
            cancellation => readModel.FindAsync($"{ProductView.Select} WHERE product_id = @id", productId, ProductView.From, cancellation),
            product => product.Version, OrderApiJson.Relaxed.ProductView, Problem.NotFound("product", productId));

    /// <summary>By SKU, in pages by the key (sku, product_id).</summary>
    public static async Task<IResult> ListProductsAsync(string? cursor, string? limit, HttpContext http, ReadModel readModel)
    {
        var validator = new Validator();
        var size = validator.Limit(limit);
        var position = validator.Cursor(cursor);
        var last = Guid.Empty;
        if (position is { } given && !Guid.TryParseExact(given.Second, "D", out last))
        {
            validator.Add("cursor", "must be the nextCursor of an earlier page");
        }

        if (validator.Problem is { } invalid)
        {
            return new ProblemResult(invalid);
        }

        var products = await readModel.ListAsync(
            $"""
            {ProductView.Select}
            {(position is null ? "" : "WHERE sku >= @sku AND (sku > @sku OR product_id > @last)")}
            ORDER BY sku, product_id LIMIT @limit
            """,
            ProductView.From, http.RequestAborted, ("@sku", position?.First), ("@last", last), ("@limit", size + 1));
        if (products.Count <= size)
        {
            return new JsonResult<Page<ProductView>>(new(products, null), OrderApiJson.Relaxed.PageProductView);
        }

        products.RemoveAt(size);
        var next = QueryParameters.CursorOf(products[^1].Sku, products[^1].ProductId.ToString());
        return new JsonResult<Page<ProductView>>(new(products, next), OrderApiJson.Relaxed.PageProductView);
    }
}
