using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventDriven.OrderApi.Http;

/// <summary>Reads the body of a command.</summary>
internal static class RequestBody
{
    /// <summary>The whole body, or why it is not taken.</summary>
    /// <exception cref="BadHttpRequestException">The body is cut off, or grows over the server's limit while it is read.</exception>
    public static async Task<(byte[] Bytes, Problem? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return ([], Problem.NotJson());
        }

        if (request.ContentLength > RequestLimits.LargestBody)
        {
            return ([], Problem.TooLarge(RequestLimits.LargestBody));
        }

        return (await BytesAsync(request, cancellationToken), null);
    }

    /// <summary>The whole body, whatever it is.</summary>
    /// <exception cref="BadHttpRequestException">The body is cut off, or grows over the server's limit while it is read.</exception>
    public static async Task<byte[]> BytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    /// <summary>The body's JSON as a request, or what is wrong with it and where.</summary>
    public static (T? Request, Problem? Problem) Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> shape)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, shape) is { } request ? (request, null) : (null, Problem.MalformedJson("The body is null."));
        }
        catch (JsonException e) when (e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) && !IsSyntax(e))
        {
            // The JSON is sound, but a member has another type: that is a field's error.
            return (null, Problem.Invalid(path[2..], "has the wrong type, or is out of range"));
        }
        catch (JsonException e)
        {
            return (null, Problem.MalformedJson($"At line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."));
        }
    }

    // System.Text.Json puts its reader's own exception inside when the text is no JSON.
    private static bool IsSyntax(JsonException e) => e.InnerException is JsonException;
}
