using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.OpenApi;
using static EventDriven.OrderApi.Orders.OrderCommand;

namespace EventDriven.OrderApi.Orders;

/// <summary>The commands on orders.</summary>
internal static class OrderEndpoints
{
    public static void MapOrderCommands(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders").WithTags("Orders");

        orders.MapPost("", (HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.CreateOrderRequest, CreateOrder.Prepare))
            .DescribesCommand("CreateOrder", "Place an order", Examples.CreateOrder, Examples.Order, 201, [409, 422]);

        orders.MapPost("/{orderId:guid}/items", (Guid orderId, HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.ItemRequest, (request, errors) =>
                ChangeOrder.With(orderId, CreateOrder.AddItemOf(request, "", errors))))
            .DescribesCommand("AddItem", "Add a line to a pending order", Examples.Item, Examples.Order, 200, [404, 409, 412, 422]);

        orders.MapDelete("/{orderId:guid}/items/{productId:guid}", (Guid orderId, Guid productId, HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, ChangeOrder.With(orderId, new RemoveItem(productId))))
            .DescribesCommand("RemoveItem", "Remove a line from a pending order", null, Examples.Order, 200, [404, 409, 412]);

        orders.MapPost("/{orderId:guid}/payment", (Guid orderId, HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.PaymentRequest, (request, errors) =>
                ChangeOrder.With(orderId, new ReceivePayment(
                    errors.Money(request.Amount, "amount", 0.01m, 999_999_999_999.99m),
                    errors.Text(request.Method, "method", 32),
                    errors.Text(request.Reference, "reference", 100)))))
            .DescribesCommand("ReceivePayment", "Note that a pending order was paid in full", Examples.Payment, Examples.Order, 200, [404, 409, 412, 422]);

        orders.MapPost("/{orderId:guid}/shipment", (Guid orderId, HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.ShipmentRequest, (request, errors) =>
                ChangeOrder.With(orderId, new Ship(
                    errors.Text(request.Carrier, "carrier", 100), errors.Text(request.TrackingNumber, "trackingNumber", 100)))))
            .DescribesCommand("ShipOrder", "Note that a paid order was handed to a carrier", Examples.Shipment, Examples.Order, 200, [404, 409, 412]);

        orders.MapPost("/{orderId:guid}/delivery", (Guid orderId, HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, ChangeOrder.With(orderId, new Deliver())))
            .DescribesCommand("DeliverOrder", "Note that a shipped order arrived", null, Examples.Order, 200, [404, 409, 412]);

        orders.MapPost("/{orderId:guid}/cancellation", (Guid orderId, HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.CancellationRequest, (request, errors) =>
                ChangeOrder.With(orderId, new Cancel(errors.Text(request.Reason, "reason", 500)))))
            .DescribesCommand("CancelOrder", "Call off an order that is not shipped yet", Examples.Cancellation, Examples.Order, 200, [404, 409, 412]);
    }
}
