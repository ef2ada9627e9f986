using EventDriven.TestSupport;

[assembly: AssemblyFixture(typeof(EventDriven.OrderApi.Tests.MariaDb))]

namespace EventDriven.OrderApi.Tests;

/// <summary>One server for all tests of the assembly, started by the first that needs it.</summary>
public sealed class MariaDb : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private MariaDbServer? _server;

    /// <summary>The server; the test is skipped where MariaDB is missing.</summary>
    public async Task<MariaDbServer> ServerAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");
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
