using System.Globalization;
using System.Text.RegularExpressions;

namespace EventDriven.OrderApi.Http;

/// <summary>Checks fields one by one and keeps every error, so that a client learns of all at once. What it returns for a bad field is a stand-in.</summary>
internal sealed partial class Validator
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <summary>What is wrong so far, or null.</summary>
    public Problem? Problem => _errors.Count == 0 ? null : Http.Problem.Invalid(_errors);

    /// <summary>Notes an error.</summary>
    public void Add(string field, string error) => _errors[field] = _errors.TryGetValue(field, out var earlier) ? [.. earlier, error] : [error];

    /// <summary>A required text without control characters.</summary>
    public string Text(string? value, string field, int longest)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Add(field, "is required");
        }
        else if (value.Length > longest)
        {
            Add(field, $"must have at most {longest} characters");
        }
        else if (value.Any(char.IsControl))
        {
            Add(field, "must not contain control characters");
        }

        return value ?? "";
    }

    /// <summary>A required text that follows a pattern.</summary>
    public string Matching(string? value, string field, int longest, Regex pattern, string expected)
    {
        Text(value, field, longest);
        if (!_errors.ContainsKey(field) && !pattern.IsMatch(value!))
        {
            Add(field, $"must be {expected}");
        }

        return value ?? "";
    }

    /// <summary>A required UUID.</summary>
    public Guid Id(string? value, string field)
    {
        if (value is null)
        {
            Add(field, "is required");
        }
        else if (!Guid.TryParseExact(value, "D", out var id))
        {
            Add(field, "must be a UUID");
        }
        else
        {
            return id;
        }

        return Guid.Empty;
    }

    /// <summary>A required whole number within bounds.</summary>
    public int Whole(decimal? value, string field, int least, int most)
    {
        if (value is null)
        {
            Add(field, "is required");
        }
        else if (value != decimal.Truncate(value.Value) || value < least || value > most)
        {
            Add(field, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
        }
        else
        {
            return (int)value.Value;
        }

        return least;
    }

    /// <summary>A required amount of money within bounds, with at most two decimals.</summary>
    public decimal Money(decimal? value, string field, decimal least, decimal most)
    {
        if (value is null)
        {
            Add(field, "is required");
        }
        else if (value < least || value > most || value != decimal.Round(value.Value, 2))
        {
            Add(field, string.Create(CultureInfo.InvariantCulture, $"must be an amount from {least:0.00} to {most:0.00} with at most two decimals"));
        }

        return value ?? 0;
    }

    /// <summary>A required e-mail address, in ASCII.</summary>
    public string Email(string? value, string field) => Matching(value, field, 254, EmailAddress(), "an e-mail address in ASCII, such as ada@example.com");

    /// <summary>One of some names.</summary>
    public T OneOf<T>(string? value, string field, IReadOnlyDictionary<string, T> names)
    {
        if (value is not null && names.TryGetValue(value, out var found))
        {
            return found;
        }

        Add(field, value is null ? "is required" : $"must be one of {string.Join(", ", names.Keys)}");
        return default!;
    }

    [GeneratedRegex(@"^[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmailAddress();
}
