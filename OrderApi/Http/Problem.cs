namespace EventDriven.OrderApi.Http;

/// <summary>Why a request was not carried out, as RFC 9457 writes it: the standard members, then those that its type adds.</summary>
/// <param name="Type">A URN that names the kind of problem; docs/api.md lists them.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">This occurrence in words.</param>
internal sealed record Problem(string Type, string Title, int Status, string? Detail = null)
{
    private const string Prefix = "urn:problem:order-api:";

    /// <summary>What the service's traces and logs know this request by.</summary>
    public string? TraceId { get; init; }

    /// <summary>For invalid requests: what is wrong with each field, by its path in the body or the name of the parameter.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>For illegal steps: the order's state.</summary>
    public string? State { get; init; }

    /// <summary>For illegal steps: what is allowed in that state.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Where the client asked for another version: the version there is.</summary>
    public int? CurrentVersion { get; init; }

    /// <summary>For missing stock: the products and how much of each there is.</summary>
    public IReadOnlyList<Shortage>? Shortages { get; init; }

    public static Problem Invalid(IReadOnlyDictionary<string, string[]> errors, int status = 400) =>
        new(Prefix + "invalid-request", "The request is invalid", status, "See errors for each field.") { Errors = errors };

    public static Problem Invalid(string field, string error, int status = 400) =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [error] }, status);

    public static Problem MalformedJson(string detail) => new(Prefix + "malformed-json", "The body is not the JSON that is expected", 400, detail);

    public static Problem NotFound(string what, Guid id) => new(Prefix + "not-found", "Not found", 404, $"There is no {what} {id}.");

    public static Problem IllegalStep(string step, string state, IReadOnlyList<string> allowed) =>
        new(Prefix + "illegal-step", "The order's state does not allow this", 409,
            $"'{step}' is not allowed: the order is {state}; allowed: {(allowed.Count == 0 ? "nothing" : string.Join(", ", allowed))}.")
        {
            State = state,
            Allowed = allowed,
        };

    public static Problem Conflict(string slug, string title, string detail) => new(Prefix + slug, title, 409, detail);

    public static Problem OutOfStock(IReadOnlyList<Shortage> shortages) =>
        new(Prefix + "out-of-stock", "Not enough stock", 409, "Nothing was reserved.") { Shortages = shortages };

    public static Problem WrongVersion(int current) =>
        new(Prefix + "version-mismatch", "It has changed since you saw it", 412, $"If-Match names another version; the current one is {current}.")
        {
            CurrentVersion = current,
        };

    public static Problem ProjectionBehind(int? current, int wanted) =>
        new(Prefix + "projection-behind", "The read model has not caught up yet", 503,
            $"Version {wanted} is not projected yet; {(current is null ? "nothing of it is" : $"version {current} is")}. Ask again.")
        {
            CurrentVersion = current,
        };

    public static Problem KeyReused() =>
        new(Prefix + "idempotency-key-reused", "The Idempotency-Key belongs to another request", 422,
            "This key was sent with another method, path or body. Use a new key for a new request.");

    public static Problem InFlight() =>
        new(Prefix + "idempotency-key-in-flight", "The first request with this Idempotency-Key is still being worked on", 409, "Ask again in a moment.");

    public static Problem Unavailable() =>
        new(Prefix + "unavailable", "The database cannot do this now", 503,
            "The command may or may not have been carried out; send it again with the same Idempotency-Key.");

    public static Problem TimedOut() =>
        new(Prefix + "timeout", "The request took too long", 504,
            "The command may or may not have been carried out; send it again with the same Idempotency-Key.");

    public static Problem TooManyRequests() => new(Prefix + "rate-limited", "Too many requests", 429, "Wait as long as Retry-After says.");

    public static Problem TooLarge(long limit) => new(Prefix + "too-large", "The body is too large", 413, $"At most {limit} bytes.");

    public static Problem NotJson() => new(Prefix + "unsupported-media-type", "The body must be JSON", 415, "Send Content-Type: application/json.");

    public static Problem Unexpected() => new(Prefix + "internal", "Something went wrong here", 500, "It was logged under traceId.");

    /// <summary>A problem that its status says enough about.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        404 => new(Prefix + "no-such-resource", "No such resource", 404, "No route matches this path."),
        405 => new(Prefix + "method-not-allowed", "The resource does not take this method", 405, "See the Allow header."),
        415 => NotJson(),
        _ => new("about:blank", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status),
    };
}
