namespace Aspire.Hosting.Testing;

/// <summary>What a test holds: the application itself is run by the AppHost's own code.</summary>
internal sealed class TestedApplication(DistributedApplication inner, TestingEntryPoint entryPoint) : DistributedApplication(inner)
{
    public override Task StartAsync(CancellationToken cancellationToken = default) => entryPoint.WaitForStartAsync(cancellationToken);

    public override async Task RunAsync(CancellationToken cancellationToken = default)
    {
        await entryPoint.WaitForStartAsync(cancellationToken);
        await entryPoint.WaitForExitAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken = default) =>
        await entryPoint.DisposeAsync().AsTask().WaitAsync(cancellationToken);

    public override void Dispose()
    {
        entryPoint.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await entryPoint.DisposeAsync();
        await base.DisposeAsync();
    }
}
