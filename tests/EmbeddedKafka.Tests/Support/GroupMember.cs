using System.Collections.Concurrent;
using Confluent.Kafka;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>A consumer of a group that polls on a thread of its own, and notes what it got and what it was assigned.</summary>
public sealed class GroupMember : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _polling;
    private readonly IConsumer<string, string> _consumer;
    private volatile HashSet<int> _assigned = [];
    private bool _leave = true;
    private int _revocations;

    public GroupMember(Clients clients, string group, string topic, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = clients.BootstrapServers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 100,
            HeartbeatIntervalMs = 200,
            SessionTimeoutMs = 30_000,
            LogQueue = false,
        };
        configure?.Invoke(config);
        _consumer = new ConsumerBuilder<string, string>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .SetPartitionsAssignedHandler((_, added) => _assigned = [.. _assigned, .. added.Select(p => p.Partition.Value)])
            .SetPartitionsRevokedHandler((_, gone) => Drop(gone.Select(p => p.Partition.Value)))
            .SetPartitionsLostHandler((_, gone) => Drop(gone.Select(p => p.Partition.Value)))
            .Build();
        _consumer.Subscribe(topic);
        _polling = Task.Factory.StartNew(Poll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public IReadOnlyCollection<int> Assigned => _assigned;

    /// <summary>How often partitions were taken away.</summary>
    public int Revocations => Volatile.Read(ref _revocations);

    public ConcurrentQueue<ConsumeResult<string, string>> Received { get; } = new();

    /// <summary>Stops without telling the group.</summary>
    public async Task AbandonAsync()
    {
        _leave = false;
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_polling.IsCompleted)
            return;

        await _stop.CancelAsync();
        await _polling;
        _stop.Dispose();
    }

    private void Drop(IEnumerable<int> gone)
    {
        Interlocked.Increment(ref _revocations);
        _assigned = [.. _assigned.Except(gone)];
    }

    private void Poll()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_consumer.Consume(TimeSpan.FromMilliseconds(50)) is { } record)
                    Received.Enqueue(record);
            }
            catch (ConsumeException)
            {
                // reported again or resolved by the next poll
            }
        }

        if (_leave)
            _consumer.Close();

        _consumer.Dispose();
    }
}
