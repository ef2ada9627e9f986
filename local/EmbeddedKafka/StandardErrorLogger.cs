using System.Globalization;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka;

/// <summary>
/// Writes log lines to standard error. The console logger of Microsoft.Extensions.Logging would do, but brings configuration, options and
/// dependency injection along, which together take longer to start than the broker.
/// </summary>
internal sealed class StandardErrorLogger : ILogger
{
    private readonly Lock _gate = new();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;

        var time = DateTimeOffset.Now.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var line = $"{time} {logLevel} [{eventId.Id}] {formatter(state, exception)}{(exception is null ? "" : Environment.NewLine + exception)}";
        lock (_gate)
            Console.Error.WriteLine(line);
    }
}
