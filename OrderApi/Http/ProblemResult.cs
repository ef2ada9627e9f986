using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace EventDriven.OrderApi.Http;

/// <summary>Writes a problem as <c>application/problem+json</c>.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    public const string ContentType = "application/problem+json";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        if (problem.Status is 503 or 504 or 429 && !response.Headers.ContainsKey("Retry-After"))
        {
            response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }

        var traceId = Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier;

        // Not under RequestAborted: that is cancelled where the problem is a time-out.
        return JsonSerializer.SerializeAsync(response.Body, problem with { TraceId = traceId }, OrderApiJson.Relaxed.Problem, CancellationToken.None);
    }
}
