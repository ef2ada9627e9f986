using System.Security.Cryptography;
using System.Text;
using EventDriven.OrderApi.Http;

namespace EventDriven.OrderApi.Idempotency;

/// <summary>
/// A client's key for one command (draft-ietf-httpapi-idempotency-key-header): sent again with the same key, it has no second effect.
/// </summary>
/// <param name="Value">The key.</param>
/// <param name="RequestHash">SHA-256 over method, path, query and body: what the key stands for.</param>
internal sealed record IdempotencyKey(string Value, byte[] RequestHash)
{
    public const string Header = "Idempotency-Key";
    public const int Longest = 128;

    /// <summary>The key of a POST, or null where there is none; notes an error where it is malformed.</summary>
    public static IdempotencyKey? Read(HttpRequest request, ReadOnlySpan<byte> body, Validator validator)
    {
        if (!HttpMethods.IsPost(request.Method) || request.Headers[Header] is not { Count: > 0 } values)
        {
            return null;
        }

        // The draft makes it a structured-field string, in quotes; most clients send it bare.
        var text = values.ToString();
        var value = text is ['"', .. var inner, '"'] ? inner : text;
        if (value.Length is 0 or > Longest || value.Any(c => c is < '!' or > '~' or '"' or '\\' or ','))
        {
            validator.Add(Header, $"must be 1 to {Longest} visible ASCII characters without quotes, commas and backslashes");
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(body);
        return new(value, hash.GetHashAndReset());
    }
}
