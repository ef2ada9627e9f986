using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>
    /// Injects <c>ConnectionStrings__name</c> (or the variable the source names) and each connection property as <c>NAME_KEY</c>.
    /// </summary>
    /// <param name="connectionName">The source's name when null.</param>
    /// <param name="optional">A missing connection string is left out in place of failing the start.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        connectionName ??= resource.Name;
        builder.WithReferenceRelationships(resource);
        return builder.WithEnvironment(context =>
        {
            var variables = context.EnvironmentVariables;
            variables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{connectionName}"] = new ConnectionStringReference(resource, optional);

            var prefix = connectionName.Length == 0 ? "" : EnvironmentVariableName.Encode(connectionName).ToUpperInvariant() + "_";
            foreach (var (key, value) in resource.GetConnectionProperties())
                variables[prefix + key.ToUpperInvariant()] = value;
            foreach (var property in resource.Annotations.OfType<ConnectionPropertyAnnotation>())
                variables[prefix + property.Name.ToUpperInvariant()] = property.Value;
        });
    }

    /// <summary>Injects <c>services__name__scheme__0</c> and <c>NAME_ENDPOINT</c> for each endpoint of the source.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithEndpoints(source.Resource, endpointName: null, name: null);

    /// <inheritdoc cref="WithReference{TDestination}(IResourceBuilder{TDestination}, IResourceBuilder{IResourceWithServiceDiscovery})"/>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name)
        where TDestination : IResourceWithEnvironment => builder.WithEndpoints(source.Resource, endpointName: null, name);

    /// <summary>The same for one endpoint.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment => builder.WithEndpoints(endpointReference.Resource, endpointReference.EndpointName, name: null);

    /// <summary>Injects a service outside the application.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri || uri.Fragment.Length > 0 || uri.Query.Length > 0)
            throw new InvalidOperationException($"The URI for service reference '{name}' must be absolute, without query and fragment.");
        return builder
            .WithEnvironment($"services__{name}__default__0", uri.ToString())
            .WithEnvironment(EnvironmentVariableName.Encode(name), uri.ToString());
    }

    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithConnectionString => builder.WithAnnotation(new ConnectionPropertyAnnotation(name, value));

    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, string value)
        where T : IResourceWithConnectionString => builder.WithConnectionProperty(name, ReferenceExpression.Create($"{value}"));

    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResource resource, string type)
        where T : IResource => builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, type));

    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> resourceBuilder, string type)
        where T : IResource => builder.WithRelationship(resourceBuilder.Resource, type);

    public static IResourceBuilder<T> WithReferenceRelationship<T>(this IResourceBuilder<T> builder, IResource resource)
        where T : IResource => builder.WithRelationship(resource, RelationshipTypes.Reference);

    public static IResourceBuilder<T> WithReferenceRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> resourceBuilder)
        where T : IResource => builder.WithReferenceRelationship(resourceBuilder.Resource);

    public static IResourceBuilder<T> WithReferenceRelationship<T>(this IResourceBuilder<T> builder, ReferenceExpression expression)
        where T : IResource => builder.WithReferenceRelationships(expression);

    /// <summary>Shows the resource below <paramref name="parent"/> in the dashboard.</summary>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> parent)
        where T : IResource => builder.WithParentRelationship(parent.Resource);

    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent)
        where T : IResource => builder.WithRelationship(parent, RelationshipTypes.Parent);

    public static IResourceBuilder<T> WithChildRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> child)
        where T : IResource => builder.WithChildRelationship(child.Resource);

    public static IResourceBuilder<T> WithChildRelationship<T>(this IResourceBuilder<T> builder, IResource child)
        where T : IResource
    {
        child.Annotations.Add(new ResourceRelationshipAnnotation(builder.Resource, RelationshipTypes.Parent));
        return builder;
    }

    private static IResourceBuilder<T> WithReferenceRelationships<T>(this IResourceBuilder<T> builder, object value)
        where T : IResource
    {
        foreach (var resource in References.In(value))
            builder.WithReferenceRelationship(resource);
        return builder;
    }

    private static IResourceBuilder<T> WithEndpoints<T>(this IResourceBuilder<T> builder, IResourceWithEndpoints source, string? endpointName, string? name)
        where T : IResourceWithEnvironment
    {
        var references = builder.Resource.Annotations.OfType<EndpointReferenceAnnotation>().FirstOrDefault(a => a.Resource == source);
        if (references is null)
        {
            references = new EndpointReferenceAnnotation(source);
            builder.WithAnnotation(references).WithEnvironment(context => InjectEndpoints(context.EnvironmentVariables, references, name));
        }
        if (endpointName is null)
            references.UseAllEndpoints = true;
        else
            references.EndpointNames.Add(endpointName);
        return builder.WithReferenceRelationships(source);
    }

    private static void InjectEndpoints(Dictionary<string, object> variables, EndpointReferenceAnnotation references, string? name)
    {
        foreach (var endpoint in references.Resource.GetEndpoints())
        {
            if (!references.EndpointNames.Contains(endpoint.EndpointName) && !(references.UseAllEndpoints && !endpoint.ExcludeReferenceEndpoint))
                continue;

            var service = EnvironmentVariableName.Encode(name ?? references.Resource.Name.ToUpperInvariant());
            variables[$"{service}_{EnvironmentVariableName.Encode(endpoint.EndpointName).ToUpperInvariant()}"] = endpoint;

            var key = endpoint.IsHttpSchemeNamedEndpoint ? endpoint.Scheme : endpoint.EndpointName;
            var index = 0;
            while (!variables.TryAdd($"services__{name ?? references.Resource.Name}__{key}__{index}", endpoint))
                index++;
        }
    }
}
