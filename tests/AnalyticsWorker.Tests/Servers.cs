using EventDriven.TestSupport;

[assembly: AssemblyFixture(typeof(EventDriven.AnalyticsWorker.Tests.Servers))]

namespace EventDriven.AnalyticsWorker.Tests;

/// <summary>One MariaDB for all tests of the assembly that do not kill it.</summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private MariaDbServer? _server;

    /// <summary>The server, started at the first call; the test is skipped where MariaDB is missing.</summary>
    public async Task<MariaDbServer> MariaDbAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? string.Empty);
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _server ??= await MariaDbServer.StartAsync(cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _starting.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
