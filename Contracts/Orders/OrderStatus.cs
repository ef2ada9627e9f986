using System.Text.Json.Serialization;

namespace EventDriven.Contracts;

/// <summary>Where an order stands: pending → paid → shipped → delivered, or cancelled from pending or paid. camelCase on the wire and in tables.</summary>
public enum OrderStatus
{
    /// <summary>Created, not paid.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Paid in full, not shipped.</summary>
    [JsonStringEnumMemberName("paid")]
    Paid,

    /// <summary>Handed to the carrier.</summary>
    [JsonStringEnumMemberName("shipped")]
    Shipped,

    /// <summary>With the customer; the end.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>Called off before it was shipped; the end.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
