using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Keeps the last lines each resource wrote and passes new ones on.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, LogBuffer> _buffers = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;

    internal ResourceLoggerService(TimeProvider time) => _time = time;

    /// <summary>Called for each line with the resource's name; for the console.</summary>
    internal Action<string, LogLine>? LineWritten { get; set; }

    /// <summary>A logger whose messages stand among the lines of the resource's first instance.</summary>
    public ILogger GetLogger(IResource resource) => GetLogger(resource.InstanceIds()[0]);

    public ILogger GetLogger(string resourceName) => new BufferLogger(this, resourceName);

    /// <summary>The kept lines, then new ones, in batches, until completed or cancelled.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.InstanceIds()[0]);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Buffer(resourceName).ReadAsync(follow: true, CancellationToken.None);

    /// <summary>The kept lines.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.InstanceIds()[0]);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => Buffer(resourceName).ReadAsync(follow: false, CancellationToken.None);

    /// <summary>Ends the watches.</summary>
    public void Complete(IResource resource)
    {
        foreach (var id in resource.InstanceIds())
            Complete(id);
    }

    public void Complete(string name) => Buffer(name).Complete();

    public void Dispose()
    {
        foreach (var buffer in _buffers.Values)
            buffer.Complete();
        GC.SuppressFinalize(this);
    }

    internal void Write(string resourceId, string text, bool isError) =>
        LineWritten?.Invoke(resourceId, Buffer(resourceId).Add($"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffffffZ} {text}", isError));

    /// <summary>The last lines as the tail of an error message; empty if there are none.</summary>
    internal string LastLines(string resourceId, int count = 10)
    {
        var lines = Buffer(resourceId).Last(count);
        return lines.Count == 0 ? "" : $" Last lines:{Environment.NewLine}{string.Join(Environment.NewLine, lines.Select(l => $"  {l.Content}"))}";
    }

    private LogBuffer Buffer(string resourceId) => _buffers.GetOrAdd(resourceId, _ => new LogBuffer());

    private sealed class BufferLogger(ResourceLoggerService owner, string resourceId) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception);
            foreach (var line in text.Split('\n'))
                owner.Write(resourceId, line.TrimEnd('\r'), logLevel >= LogLevel.Error);
        }
    }
}
