using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventDriven.Contracts;

/// <summary>Source-generated JSON of analytics results, with the conventions of the events.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(MoneyConverter), typeof(InstantConverter)])]
[JsonSerializable(typeof(OrdersPerMinute))]
public sealed partial class AnalyticsJsonContext : JsonSerializerContext;
