namespace Aspire.Hosting.ApplicationModel;

/// <summary>Ties a resource to a health check registered in the AppHost's services.</summary>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    public string Key { get; } = key;
}
