namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's model as its own code has described it, to be changed by the test before it is built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Builds the application; the AppHost's own code then goes on and runs it.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
