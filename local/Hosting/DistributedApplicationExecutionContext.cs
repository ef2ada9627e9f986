namespace Aspire.Hosting;

/// <summary>What the application model is built for: here always to run.</summary>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    private IServiceProvider? _services;

    public DistributedApplicationOperation Operation { get; } = operation;

    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <exception cref="InvalidOperationException">The application is not built yet.</exception>
    public IServiceProvider ServiceProvider
    {
        get => _services ?? throw new InvalidOperationException("The application is not built yet.");
        internal set => _services = value;
    }
}
