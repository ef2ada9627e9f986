using System.Text.RegularExpressions;
using EventDriven.Contracts;
using EventDriven.OrderApi.Http;

namespace EventDriven.OrderApi.Orders;

/// <summary>A postal address.</summary>
/// <param name="Street">Street and number, at most 200 characters.</param>
/// <param name="City">Town, at most 100 characters.</param>
/// <param name="Zip">Postal code, at most 16 characters.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code in capitals.</param>
internal sealed partial record AddressRequest(string? Street, string? City, string? Zip, string? Country)
{
    public static Address Check(AddressRequest? request, string field, Validator validator)
    {
        if (request is null)
        {
            validator.Add(field, "is required");
            return new("", "", "", "");
        }

        return new(
            validator.Text(request.Street, $"{field}.street", 200),
            validator.Text(request.City, $"{field}.city", 100),
            validator.Text(request.Zip, $"{field}.zip", 16),
            validator.Matching(request.Country, $"{field}.country", 2, CountryCode(), "an ISO 3166-1 alpha-2 code, such as FR"));
    }

    [GeneratedRegex("^[A-Z]{2}$", RegexOptions.None, 1000)]
    private static partial Regex CountryCode();
}
