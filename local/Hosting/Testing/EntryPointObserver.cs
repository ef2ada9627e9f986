using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Follows an AppHost's own code while a test runs it; set for that code's flow of execution only.</summary>
internal abstract class EntryPointObserver
{
    private static readonly AsyncLocal<EntryPointObserver?> Flow = new();

    public static EntryPointObserver? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    public abstract void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    /// <summary>Called in place of going on; returns when the test wants the application built.</summary>
    public abstract void Building(DistributedApplicationBuilder builder);

    public abstract void Built(DistributedApplication application);
}
