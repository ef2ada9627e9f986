using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.OpenApi;

namespace EventDriven.OrderApi.Customers;

/// <summary>The commands on customers.</summary>
internal static class CustomerEndpoints
{
    public static void MapCustomerCommands(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers");

        customers.MapPost("", (HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.RegisterCustomerRequest, CustomerCommands.Register))
            .DescribesCommand("RegisterCustomer", "Register a customer", Examples.RegisterCustomer, Examples.Customer, 201, [409]);

        customers.MapPatch("/{customerId:guid}", (Guid customerId, HttpContext http, CommandRunner commands) =>
            commands.RunAsync(http, OrderApiJson.Default.UpdateCustomerRequest, (request, errors) => CustomerCommands.Update(customerId, request, errors)))
            .DescribesCommand("UpdateCustomer", "Change a customer's name, e-mail address or tier", Examples.UpdateCustomer, Examples.Customer, 200, [404, 409, 412]);
    }
}
