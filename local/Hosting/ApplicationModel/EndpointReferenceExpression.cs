using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One property of an endpoint as a value.</summary>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue, IValueWithReferences
{
    public EndpointReference Endpoint { get; } = endpointReference;

    public EndpointProperty Property { get; } = property;

    public string ValueExpression => Property == EndpointProperty.HostAndPort
        ? $"{Binding("host")}:{Binding("port")}"
        : Binding(Property switch
        {
            EndpointProperty.IPV4Host => "host",
            EndpointProperty.TargetPort => "targetPort",
            _ => Property.ToString().ToLowerInvariant(),
        });

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        if (Property == EndpointProperty.Scheme)
            return Endpoint.Scheme;

        var allocated = await Endpoint.EndpointAnnotation.Allocated.Task.WaitAsync(cancellationToken);
        var port = allocated.Port.ToString(CultureInfo.InvariantCulture);
        return Property switch
        {
            EndpointProperty.Url => allocated.UriString,
            EndpointProperty.Host => allocated.Address,
            EndpointProperty.IPV4Host => "127.0.0.1",
            EndpointProperty.Port => port,
            EndpointProperty.TargetPort => allocated.TargetPortExpression ?? port,
            EndpointProperty.HostAndPort => $"{allocated.Address}:{port}",
            _ => throw new InvalidOperationException($"The property '{Property}' of the endpoint '{Endpoint.EndpointName}' is not supported."),
        };
    }

    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);

    private string Binding(string name) => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{name}}}";
}
