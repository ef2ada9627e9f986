using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Builds a <see cref="ReferenceExpression"/> piece by piece.</summary>
public class ReferenceExpressionBuilder
{
    private readonly ReferenceExpression.ExpressionParts _parts = new();

    public bool IsEmpty => _parts.IsEmpty;

    public void AppendLiteral(string value) => _parts.Literal(value);

    public void AppendFormatted(string? value) => _parts.Literal(value);

    public void AppendFormatted<T>(T valueProvider)
        where T : IValueProvider, IManifestExpressionProvider => _parts.Value(valueProvider, valueProvider.ValueExpression);

#pragma warning disable CA1822, IDE0060 // The handler writes into this builder; the call itself has nothing left to do.
    public void Append([InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler)
    {
    }
#pragma warning restore CA1822, IDE0060

    public ReferenceExpression Build() => _parts.ToExpression();

    [InterpolatedStringHandler]
#pragma warning disable CS9113 // The compiler passes the lengths.
    public ref struct ReferenceExpressionBuilderInterpolatedStringHandler(int literalLength, int formattedCount, ReferenceExpressionBuilder builder)
#pragma warning restore CS9113
    {
        public readonly void AppendLiteral(string value) => builder.AppendLiteral(value);

        public readonly void AppendFormatted(string? value) => builder.AppendFormatted(value);

        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider.Resource);
    }
}
