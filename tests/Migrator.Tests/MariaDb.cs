using EventDriven.TestSupport;

[assembly: AssemblyFixture(typeof(EventDriven.Migrator.Tests.MariaDb))]

namespace EventDriven.Migrator.Tests;

/// <summary>One server for all tests of the assembly.</summary>
public sealed class MariaDb : IAsyncLifetime
{
    private MariaDbServer? _server;

    /// <summary>The server; a test that asks for it is skipped where MariaDB is missing.</summary>
    public MariaDbServer Server
    {
        get
        {
            Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");
            return _server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (MariaDbServer.Missing is null)
        {
            _server = await MariaDbServer.StartAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
