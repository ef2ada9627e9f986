using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.OpenApi;

namespace EventDriven.OrderApi.Products;

/// <summary>The commands on products and their stock.</summary>
internal static class ProductEndpoints
{
    public static void MapProductCommands(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/products").WithTags("Products");

        products.MapPost("", (HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.ListProductRequest, ProductCommands.List))
            .DescribesCommand("ListProduct", "Offer a product", Examples.ListProduct, Examples.Product, 201, [409]);

        products.MapPatch("/{productId:guid}", (Guid productId, HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.UpdateProductRequest, (request, errors) => ProductCommands.Update(productId, request, errors)))
            .DescribesCommand("UpdateProduct", "Change a product's SKU, name or price", Examples.UpdateProduct, Examples.Product, 200, [404, 409, 412]);

        products.MapPost("/{productId:guid}/stock-adjustments", (Guid productId, HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.StockAdjustmentRequest, (request, errors) =>
                ProductCommands.AdjustStock(productId, request, errors)))
            .DescribesCommand("AdjustStock", "Add or take pieces of a product", Examples.StockAdjustment, Examples.Product, 200, [404, 409, 412]);
    }
}
