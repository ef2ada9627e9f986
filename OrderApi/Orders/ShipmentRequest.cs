namespace EventDriven.OrderApi.Orders;

/// <summary>A parcel handed to a carrier.</summary>
/// <param name="Carrier">Who carries it; at most 100 characters.</param>
/// <param name="TrackingNumber">The carrier's number; at most 100 characters.</param>
internal sealed record ShipmentRequest(string? Carrier, string? TrackingNumber);
