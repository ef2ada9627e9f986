namespace EventDriven.Contracts;

/// <summary>A postal address.</summary>
/// <param name="Street">Street and number.</param>
/// <param name="City">Town.</param>
/// <param name="Zip">Postal code.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code.</param>
public sealed record Address(string Street, string City, string Zip, string Country);
