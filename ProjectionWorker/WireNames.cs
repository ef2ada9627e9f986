using System.Text.Json;
using EventDriven.Contracts;

namespace EventDriven.ProjectionWorker;

/// <summary>The names of enum members as they stand on the wire and in tables.</summary>
internal static class WireNames
{
    /// <summary>The name of a tier.</summary>
    public static string Of(CustomerTier tier) => JsonNamingPolicy.CamelCase.ConvertName(tier.ToString());

    /// <summary>The name of a status.</summary>
    public static string Of(OrderStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
