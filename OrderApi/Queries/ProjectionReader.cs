using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventDriven.OrderApi.Http;
using Microsoft.Extensions.Options;

namespace EventDriven.OrderApi.Queries;

/// <summary>
/// Answers with one projected row, waiting, bounded, until it has the version that the client saw when it wrote: read your own writes.
/// The row is asked for at growing intervals; nothing else could tell, because the projection is another process.
/// </summary>
internal sealed class ProjectionReader(IOptions<LimitOptions> limits, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    public async Task<IResult> AnswerAsync<T>(
        HttpContext http, string? minVersion, Func<CancellationToken, Task<T?>> read, Func<T, int> versionOf, JsonTypeInfo<T> shape, Problem notFound)
        where T : class
    {
        var validator = new Validator();
        var wanted = validator.MinVersion(minVersion);
        if (validator.Problem is { } invalid)
        {
            return new ProblemResult(invalid);
        }

        var began = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var found = await read(http.RequestAborted);
            var version = found is null ? (int?)null : versionOf(found);
            if (wanted is null && found is null)
            {
                return new ProblemResult(notFound);
            }

            if (version >= (wanted ?? 0))
            {
                http.Response.Headers.ETag = EntityTag.Of(version.Value);
                return new JsonResult<T>(found!, shape);
            }

            if (clock.GetElapsedTime(began) + pause > limits.Value.ProjectionWait)
            {
                return new ProblemResult(Problem.ProjectionBehind(version, wanted!.Value));
            }

            await Task.Delay(pause, clock, http.RequestAborted);
        }
    }
}
