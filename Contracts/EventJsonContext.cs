using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventDriven.Contracts;

/// <summary>Source-generated JSON of every event: camelCase, exact money, UTC instants; a missing required member is an error, an unknown one is not.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    Converters = [typeof(MoneyConverter), typeof(InstantConverter)])]
[JsonSerializable(typeof(OrderCreated))]
[JsonSerializable(typeof(OrderItemAdded))]
[JsonSerializable(typeof(OrderItemRemoved))]
[JsonSerializable(typeof(PaymentReceived))]
[JsonSerializable(typeof(OrderShipped))]
[JsonSerializable(typeof(OrderDelivered))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(CustomerRegistered))]
[JsonSerializable(typeof(CustomerUpdated))]
[JsonSerializable(typeof(ProductListed))]
[JsonSerializable(typeof(ProductUpdated))]
[JsonSerializable(typeof(StockAdjusted))]
public sealed partial class EventJsonContext : JsonSerializerContext;
