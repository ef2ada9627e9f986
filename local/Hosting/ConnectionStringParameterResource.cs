using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A connection string given in configuration.</summary>
internal sealed class ConnectionStringParameterResource(string name, Func<ParameterDefault?, string> callback, string? environmentVariableName)
    : ParameterResource(name, callback, secret: true), IResourceWithConnectionString
{
    public string? ConnectionStringEnvironmentVariable => environmentVariableName;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{(ParameterResource)this}");

    string IManifestExpressionProvider.ValueExpression => ValueExpression;

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

    ValueTask<string?> IValueProvider.GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken) => GetValueAsync(cancellationToken);
}
