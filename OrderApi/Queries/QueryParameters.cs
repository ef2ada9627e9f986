using System.Buffers.Text;
using System.Globalization;
using System.Text;
using EventDriven.Contracts;
using EventDriven.OrderApi.Http;
using EventDriven.OrderApi.Orders;

namespace EventDriven.OrderApi.Queries;

/// <summary>Reads the parameters of queries; what is wrong with them goes to the validator.</summary>
internal static class QueryParameters
{
    private const int UsualPage = 20;
    private static readonly string[] Dates = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Entries of a page: 1 to <paramref name="most"/>.</summary>
    public static int Limit(this Validator validator, string? value, int usual = UsualPage, int most = RequestLimits.LargestPage) =>
        validator.Number(value, "limit", 1, most) ?? usual;

    /// <summary>The version to wait for, or null.</summary>
    public static int? MinVersion(this Validator validator, string? value) => validator.Number(value, "minVersion", 1, int.MaxValue);

    public static Guid? OptionalId(this Validator validator, string? value, string name) => value is null ? null : validator.Id(value, name);

    public static string? Status(this Validator validator, string? value)
    {
        var names = Enum.GetValues<OrderStatus>().Select(OrderRules.Name).ToList();
        if (value is not null && !names.Contains(value, StringComparer.Ordinal))
        {
            validator.Add("status", $"must be one of {string.Join(", ", names)}");
        }

        return value;
    }

    /// <summary>An instant in RFC 3339, or a day, which is its first moment in UTC.</summary>
    public static DateTimeOffset? Instant(this Validator validator, string? value, string name)
    {
        if (value is null)
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(value, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return instant.ToUniversalTime();
        }

        validator.Add(name, "must be a day such as 2026-01-31 or an instant such as 2026-01-31T12:00:00Z");
        return null;
    }

    /// <summary>A cursor of an earlier page: two texts.</summary>
    public static (string First, string Second)? Cursor(this Validator validator, string? value)
    {
        if (value is null)
        {
            return null;
        }

        try
        {
            if (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(value)).Split('|') is [var first, var second])
            {
                return (first, second);
            }
        }
        catch (FormatException)
        {
            // Noted below.
        }

        validator.Add("cursor", "must be the nextCursor of an earlier page");
        return null;
    }

    /// <summary>The opposite of <see cref="Cursor"/>.</summary>
    public static string CursorOf(string first, string second) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{first}|{second}"));

    private static int? Number(this Validator validator, string? value, string name, int least, int most)
    {
        if (value is null)
        {
            return null;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        validator.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
        return null;
    }
}
