using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace EventDriven.OrderApi.Http;

/// <summary>Versions as entity tags: version 3 is <c>"3"</c>.</summary>
internal static class EntityTag
{
    public static string Of(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Which versions the client takes, or null where it takes any: no If-Match, or <c>*</c>.</summary>
    /// <returns>False where the header is no list of entity tags.</returns>
    public static bool TryReadIfMatch(HttpRequest request, out IReadOnlyList<string>? accepted)
    {
        accepted = null;
        if (request.Headers.IfMatch.Count == 0)
        {
            return true;
        }

        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfMatch!, out var tags))
        {
            return false;
        }

        if (!tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any)))
        {
            // If-Match compares strongly (RFC 9110, 13.1.1): a weak tag never matches.
            accepted = [.. tags.Where(tag => !tag.IsWeak).Select(tag => tag.Tag.ToString())];
        }

        return true;
    }
}
