namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource's connection string as a value; <paramref name="optional"/> lets it be missing.</summary>
public class ConnectionStringReference(IResourceWithConnectionString resource, bool optional) : IExpressionValue, IValueWithReferences
{
    public IResourceWithConnectionString Resource { get; } = resource;

    public bool Optional { get; } = optional;

    string IManifestExpressionProvider.ValueExpression => Resource.ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    async ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken)
    {
        try
        {
            var value = await Resource.GetConnectionStringAsync(cancellationToken);
            if (string.IsNullOrEmpty(value) && !Optional)
                throw new DistributedApplicationException($"The connection string for the resource '{Resource.Name}' is not available.");
            return value;
        }
        catch (MissingParameterValueException) when (Optional)
        {
            return null;
        }
    }
}
