using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A string with values in it that are known only once the application runs.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    public static readonly ReferenceExpression Empty = new("", [], []);

    private readonly string[] _manifestExpressions;

    private ReferenceExpression(string format, IValueProvider[] valueProviders, string[] manifestExpressions)
    {
        Format = format;
        ValueProviders = valueProviders;
        _manifestExpressions = manifestExpressions;
    }

    /// <summary>The composite format string, one hole per value provider.</summary>
    public string Format { get; }

    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    public IReadOnlyList<string> ManifestExpressions => _manifestExpressions;

    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format, _manifestExpressions);

    IEnumerable<object> IValueWithReferences.References => ValueProviders;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.GetExpression();

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <summary>Waits for the values that are not known yet. Null for an empty expression.</summary>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        if (Format.Length == 0)
            return null;

        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = await ValueProviders[i].GetValueAsync(context, cancellationToken);
        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <summary>Gathers the literal and dynamic parts of <c>$"…"</c>.</summary>
    [InterpolatedStringHandler]
#pragma warning disable CS9113 // The compiler passes the lengths.
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
#pragma warning restore CS9113
    {
        private readonly ExpressionParts _parts = new();

        public readonly void AppendLiteral(string value) => _parts.Literal(value);

        public readonly void AppendFormatted(string? value) => _parts.Literal(value);

        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => _parts.Value(valueProvider, valueProvider.ValueExpression);

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource);

        internal readonly ReferenceExpression GetExpression() => _parts.ToExpression();
    }

    internal sealed class ExpressionParts
    {
        private readonly StringBuilder _format = new();
        private readonly List<IValueProvider> _providers = [];
        private readonly List<string> _expressions = [];

        public bool IsEmpty => _format.Length == 0;

        public void Literal(string? text) =>
            _format.Append(text?.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        public void Value(IValueProvider provider, string expression)
        {
            _format.Append('{').Append(_providers.Count).Append('}');
            _providers.Add(provider);
            _expressions.Add(expression);
        }

        public ReferenceExpression ToExpression() => new(_format.ToString(), [.. _providers], [.. _expressions]);
    }
}
