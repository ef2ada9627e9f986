using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventDriven.OrderApi.Http;

namespace EventDriven.OrderApi.Commands;

/// <summary>What a command answers, in the form in which it can be stored and sent again.</summary>
/// <param name="Status">HTTP status; from 400 on the body is a problem.</param>
/// <param name="Body">The JSON.</param>
/// <param name="Location">Where what was created is, or null.</param>
/// <param name="Version">The aggregate's version, sent as entity tag, or null.</param>
internal sealed record CommandAnswer(int Status, string Body, string? Location = null, int? Version = null) : IResult
{
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>Whether this was stored by an earlier request.</summary>
    public bool Replayed { get; init; }

    public static CommandAnswer Done<T>(T body, JsonTypeInfo<T> shape, int version) => new(200, JsonSerializer.Serialize(body, shape), null, version);

    public static CommandAnswer Created<T>(T body, JsonTypeInfo<T> shape, string location, int version) =>
        new(201, JsonSerializer.Serialize(body, shape), location, version);

    public static CommandAnswer Refused(Problem problem) => new(
        problem.Status,
        JsonSerializer.Serialize(problem with { TraceId = Activity.Current?.TraceId.ToHexString() }, OrderApiJson.Relaxed.Problem));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = Status >= 400 ? ProblemResult.ContentType : "application/json; charset=utf-8";
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (Version is { } version)
        {
            response.Headers.ETag = EntityTag.Of(version);
        }

        if (Replayed)
        {
            response.Headers[ReplayedHeader] = "true";
        }

        return response.WriteAsync(Body, httpContext.RequestAborted);
    }
}
