using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventDriven.Contracts;
using EventDriven.OrderApi.Customers;
using EventDriven.OrderApi.Http;
using EventDriven.OrderApi.Orders;
using EventDriven.OrderApi.Products;
using EventDriven.OrderApi.Queries;

namespace EventDriven.OrderApi;

/// <summary>Source-generated JSON of requests and answers: as in events, and members without a value are left out.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MoneyConverter), typeof(InstantConverter)])]
[JsonSerializable(typeof(CreateOrderRequest))]
[JsonSerializable(typeof(ItemRequest))]
[JsonSerializable(typeof(PaymentRequest))]
[JsonSerializable(typeof(ShipmentRequest))]
[JsonSerializable(typeof(CancellationRequest))]
[JsonSerializable(typeof(ListProductRequest))]
[JsonSerializable(typeof(UpdateProductRequest))]
[JsonSerializable(typeof(StockAdjustmentRequest))]
[JsonSerializable(typeof(RegisterCustomerRequest))]
[JsonSerializable(typeof(UpdateCustomerRequest))]
[JsonSerializable(typeof(OrderAnswer))]
[JsonSerializable(typeof(ProductAnswer))]
[JsonSerializable(typeof(CustomerAnswer))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(Page<OrderView>))]
[JsonSerializable(typeof(CustomerView))]
[JsonSerializable(typeof(ProductView))]
[JsonSerializable(typeof(Page<ProductView>))]
[JsonSerializable(typeof(IReadOnlyList<DashboardRow>))]
[JsonSerializable(typeof(IReadOnlyList<MinuteOfOrders>))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class OrderApiJson : JsonSerializerContext
{
    /// <summary>For what is written: letters stay letters, as nothing of it is ever put into a page unescaped.</summary>
    public static OrderApiJson Relaxed => RelaxedContext.Instance;

    // In a class of its own, because the order of static fields over the parts of a class is not defined.
    private static class RelaxedContext
    {
        public static readonly OrderApiJson Instance =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
