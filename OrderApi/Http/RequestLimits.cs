using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace EventDriven.OrderApi.Http;

/// <summary>What one client may ask of the service.</summary>
internal static class RequestLimits
{
    /// <summary>Bytes of a body.</summary>
    public const int LargestBody = 256 * 1024;

    /// <summary>Entries of a page.</summary>
    public const int LargestPage = 100;

    /// <summary>The rate limiting policy of what touches the database: by client address.</summary>
    public const string PerClient = "per-client";

    /// <summary>Limits the body, the rate by client address, and the time of each request.</summary>
    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(PerClient, Partition);
            limiter.OnRejected = RejectAsync;
        });
        builder.Services.AddRequestTimeouts();
        builder.Services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitOptions>>((timeouts, limits) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = limits.Value.RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
                WriteTimeoutResponse = context => new ProblemResult(Problem.TimedOut()).ExecuteAsync(context),
            });
    }

    private static RateLimitPartition<IPAddress> Partition(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<IOptions<LimitOptions>>().Value;
        var client = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return limits.RequestsPerSecond == 0
            ? RateLimitPartition.GetNoLimiter(IPAddress.None)
            : RateLimitPartition.GetTokenBucketLimiter(client, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.Burst,
                TokensPerPeriod = Math.Max(1, limits.RequestsPerSecond / 10),
                ReplenishmentPeriod = TimeSpan.FromSeconds(limits.RequestsPerSecond >= 10 ? 0.1 : 1.0 / limits.RequestsPerSecond),
            });
    }

    private static ValueTask RejectAsync(Microsoft.AspNetCore.RateLimiting.OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter))
        {
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return new(new ProblemResult(Problem.TooManyRequests()).ExecuteAsync(rejected.HttpContext));
    }
}
