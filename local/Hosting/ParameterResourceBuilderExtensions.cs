using Aspire.Hosting.ApplicationModel;
using EventDriven.LocalHosting;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a value to be given as <c>Parameters:name</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddParameter(name, $"Parameters:{name}", defaultValue: null, secret);

    /// <summary>Adds a fixed value; configuration does not override it.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameterResource(new ParameterResource(name, _ => valueGetter(), secret), $"Parameters:{name}");

    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false) =>
        builder.AddParameter(name, configurationKey, defaultValue: null, secret);

    /// <summary>Adds a value given as <c>Parameters:name</c>, else by <paramref name="value"/>, which <paramref name="persist"/> keeps in the user secrets.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddParameter(name, $"Parameters:{name}", persist ? UserSecretsParameterDefault.For(builder, name, value) : value, secret);

    /// <summary>A generated password kept in the user secrets; the caller adds it where it belongs.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0)
    {
        var generate = new GenerateParameterDefault
        {
            Lower = lower,
            Upper = upper,
            Numeric = numeric,
            Special = special,
            MinLower = minLower,
            MinUpper = minUpper,
            MinNumeric = minNumeric,
            MinSpecial = minSpecial,
        };
        return new ParameterResource(name, d => ValueOf(builder.Configuration, $"Parameters:{name}", d), secret: true)
        {
            Default = UserSecretsParameterDefault.For(builder, name, generate),
        };
    }

    /// <summary>Adds a connection string to be given as <c>ConnectionStrings:name</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddParameterResource(
            new ConnectionStringParameterResource(
                name,
                _ => builder.Configuration.GetConnectionString(name) ?? throw new MissingParameterValueException(
                    $"Connection string parameter resource could not be used because connection string '{name}' is missing."),
                environmentVariableName),
            $"ConnectionStrings:{name}");

    private static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string key, ParameterDefault? defaultValue, bool secret) =>
        builder.AddParameterResource(new ParameterResource(name, d => ValueOf(builder.Configuration, key, d), secret) { Default = defaultValue }, key);

    private static string ValueOf(ConfigurationManager configuration, string key, ParameterDefault? defaultValue) =>
        configuration[key] ?? defaultValue?.GetDefaultValue() ?? throw new MissingParameterValueException(
            $"Parameter resource could not be used because configuration key '{key}' is missing and the Parameter has no default value.");

    private static IResourceBuilder<T> AddParameterResource<T>(this IDistributedApplicationBuilder builder, T parameter, string key)
        where T : ParameterResource => builder.AddResource(parameter).WithInitialState(new CustomResourceSnapshot
        {
            ResourceType = "Parameter",
            State = KnownResourceStates.Waiting,
            Properties = [new(CustomResourceKnownProperties.Source, key)],
        });
}
