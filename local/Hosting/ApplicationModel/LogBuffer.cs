using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The last <see cref="Capacity"/> lines of one process, and those who follow it.</summary>
internal sealed class LogBuffer
{
    public const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly List<ChannelWriter<LogLine>> _followers = [];
    private int _written;

    public LogLine Add(string content, bool isError)
    {
        lock (_lock)
        {
            var line = new LogLine(++_written, content, isError);
            _lines.Enqueue(line);
            if (_lines.Count > Capacity)
                _lines.Dequeue();
            foreach (var follower in _followers)
                follower.TryWrite(line);
            return line;
        }
    }

    public IReadOnlyList<LogLine> Last(int count)
    {
        lock (_lock)
            return [.. _lines.TakeLast(count)];
    }

    public void Complete()
    {
        lock (_lock)
        {
            foreach (var follower in _followers)
                follower.TryComplete();
            _followers.Clear();
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Bounded, so that a follower that has stopped reading cannot hold every line ever written.
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        IReadOnlyList<LogLine> kept;
        lock (_lock)
        {
            kept = [.. _lines];
            if (follow)
                _followers.Add(channel.Writer);
        }
        try
        {
            if (kept.Count > 0)
                yield return kept;
            while (follow && await channel.Reader.WaitToReadAsync(cancellationToken))
            {
                var batch = new List<LogLine>();
                while (channel.Reader.TryRead(out var line))
                    batch.Add(line);
                yield return batch;
            }
        }
        finally
        {
            lock (_lock)
                _followers.Remove(channel.Writer);
        }
    }
}
