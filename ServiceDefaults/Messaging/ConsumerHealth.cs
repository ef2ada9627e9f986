using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Unhealthy when the consumer has made no headway against an error for a while.</summary>
internal sealed class ConsumerHealth(TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private Failure? _failure;

    /// <summary>Something failed and is being tried again.</summary>
    public void Failed(Exception cause) => Interlocked.CompareExchange(ref _failure, new(time.GetTimestamp(), cause.Message), null);

    /// <summary>It works.</summary>
    public void Works() => Interlocked.Exchange(ref _failure, null);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failure = Volatile.Read(ref _failure);
        var since = failure is null ? TimeSpan.Zero : time.GetElapsedTime(failure.Begun);
        return Task.FromResult(since < Patience
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, $"failing for {since.TotalSeconds:0} s: {failure!.Message}"));
    }

    private sealed record Failure(long Begun, string Message);
}
