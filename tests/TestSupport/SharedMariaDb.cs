using Xunit;

namespace EventDriven.TestSupport;

/// <summary>One MariaDB for all tests of an assembly that do not kill it: an assembly fixture, started by the first test that asks for it.</summary>
public sealed class SharedMariaDb : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private MariaDbServer? _server;

    /// <summary>The server; the test is skipped where MariaDB is missing.</summary>
    public async Task<MariaDbServer> ServerAsync(CancellationToken cancellationToken)
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _starting.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
