using EventDriven.OrderApi.OpenApi;

namespace EventDriven.OrderApi.Queries;

/// <summary>All queries; they read what the workers made of the events, never the write side.</summary>
internal static class QueryEndpoints
{
    public static void MapQueries(this IEndpointRouteBuilder app)
    {
        app.MapGet("/orders/{orderId:guid}", OrderQueries.GetAsync).WithTags("Orders")
            .DescribesQuery("GetOrder", "An order", Examples.OrderView, [404, 503]);
        app.MapGet("/orders", OrderQueries.ListAsync).WithTags("Orders")
            .DescribesQuery("ListOrders", "Orders, the newest first, by customer, state and time", Examples.OrderPage, []);
        app.MapGet("/customers/{customerId:guid}", CatalogQueries.GetCustomerAsync).WithTags("Customers")
            .DescribesQuery("GetCustomer", "A customer", Examples.CustomerView, [404, 503]);
        app.MapGet("/products/{productId:guid}", CatalogQueries.GetProductAsync).WithTags("Products")
            .DescribesQuery("GetProduct", "A product", Examples.ProductView, [404, 503]);
        app.MapGet("/products", CatalogQueries.ListProductsAsync).WithTags("Products")
            .DescribesQuery("ListProducts", "Products by SKU", Examples.ProductPage, []);
        app.MapGet("/dashboard/orders", ReportQueries.DashboardAsync).WithTags("Reports")
            .DescribesQuery("OrdersDashboard", "The last 30 days by day and state", Examples.Dashboard, []);
        app.MapGet("/analytics/orders-per-minute", ReportQueries.OrdersPerMinuteAsync).WithTags("Reports")
            .DescribesQuery("OrdersPerMinute", "Orders, revenue and average by minute, the current one first", Examples.OrdersPerMinute, []);
    }
}
