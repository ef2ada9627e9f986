using EventDriven.EmbeddedKafka.Tests.Support;

[assembly: AssemblyFixture(typeof(Brokers))]

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>One broker of each kind for all tests, started when the first asks for it.</summary>
public sealed class Brokers : IAsyncLifetime
{
    /// <summary>What both brokers are set to, so that a dead member or an expired segment is noticed within a test's patience.</summary>
    public static readonly TimeSpan MinSessionTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan RetentionCheckInterval = TimeSpan.FromMilliseconds(500);

    private static readonly string ApacheSettings = $"""
        group.initial.rebalance.delay.ms=0
        group.min.session.timeout.ms={(int)MinSessionTimeout.TotalMilliseconds}
        log.retention.check.interval.ms={(int)RetentionCheckInterval.TotalMilliseconds}
        log.segment.delete.delay.ms=0
        """;

    private readonly SemaphoreSlim _starting = new(1);
    private readonly TemporaryFolder _folder = new();
    private EmbeddedBroker? _embedded;
    private ApacheBroker? _apache;

    /// <summary>The address of a broker. Skips the test when Apache Kafka is asked for and not there.</summary>
    public async Task<string> GetAsync(BrokerKind kind)
    {
        if (kind == BrokerKind.Apache)
            Assert.SkipWhen(ApacheKafka.Home is null, ApacheKafka.Absent);

        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (kind == BrokerKind.Apache)
            {
                _apache ??= await ApacheBroker.StartAsync(_folder.Sub("apache"), ApacheSettings, CancellationToken.None);
                return _apache.BootstrapServers;
            }

            _embedded ??= await EmbeddedBroker.StartAsync(
                new BrokerOptions
                {
                    DataDirectory = _folder.Sub("embedded"),
                    MinSessionTimeout = MinSessionTimeout,
                    RetentionCheckInterval = RetentionCheckInterval,
                },
                CancellationToken.None);
            return _embedded.BootstrapServers;
        }
        finally
        {
            _starting.Release();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_apache is not null)
            await _apache.DisposeAsync();
        if (_embedded is not null)
            await _embedded.DisposeAsync();
        _folder.Dispose();
        _starting.Dispose();
    }
}
