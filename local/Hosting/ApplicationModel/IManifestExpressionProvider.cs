namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that can also be written down unevaluated, as <c>{resource.property}</c>.</summary>
public interface IManifestExpressionProvider
{
    string ValueExpression { get; }
}
