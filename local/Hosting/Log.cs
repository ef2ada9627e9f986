using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace EventDriven.LocalHosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Waiting for resource '{Dependency}' ({WaitType}).")]
    public static partial void WaitingFor(ILogger logger, string dependency, WaitType waitType);

    [LoggerMessage(2, LogLevel.Information, "Finished waiting for resource '{Dependency}'.")]
    public static partial void WaitedFor(ILogger logger, string dependency);

    [LoggerMessage(3, LogLevel.Error, "Resource '{Resource}' failed to start: {Reason}")]
    public static partial void ResourceFailed(ILogger logger, string resource, string reason);

    [LoggerMessage(4, LogLevel.Error, "Resource '{Resource}' ended with exit code {ExitCode}.{LastLines}")]
    public static partial void ResourceDied(ILogger logger, string resource, int exitCode, string lastLines);

    [LoggerMessage(5, LogLevel.Error, "Command '{Command}' failed: {Reason}")]
    public static partial void CommandFailed(ILogger logger, string command, string reason, Exception? exception);

    [LoggerMessage(6, LogLevel.Warning, "Resource '{Resource}' did not stop within {Seconds:0.#} s and was killed.")]
    public static partial void Killed(ILogger logger, string resource, double seconds);

    [LoggerMessage(7, LogLevel.Error, "A subscriber of {Event} for resource '{Resource}' failed: {Reason}")]
    public static partial void SubscriberFailed(ILogger logger, string @event, string resource, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Parameter '{Parameter}' has no value: {Reason}")]
    public static partial void ParameterMissing(ILogger logger, string parameter, string reason);

    [LoggerMessage(9, LogLevel.Information, "Now listening on: {Url}")]
    public static partial void DashboardListening(ILogger logger, string url);

    [LoggerMessage(10, LogLevel.Information, "Login to the dashboard at {Url}")]
    public static partial void DashboardLogin(ILogger logger, string url);

    [LoggerMessage(11, LogLevel.Information, "The dashboard is not installed ({Hint}); running without it.")]
    public static partial void DashboardMissing(ILogger logger, string hint);

    [LoggerMessage(12, LogLevel.Information, "{Line}")]
    public static partial void ResourceOutput(ILogger logger, string line);
}
