namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value given from outside (<c>Parameters:name</c>) or generated.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        Secret = secret;
        _value = new Lazy<string>(() => callback(Default), LazyThreadSafetyMode.PublicationOnly);
    }

    public ParameterDefault? Default { get; set; }

    /// <summary>Masked in the dashboard.</summary>
    public bool Secret { get; }

    public string ValueExpression => $"{{{Name}.value}}";

    /// <exception cref="MissingParameterValueException">Nothing is configured and there is no default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(_value.Value);

    public ValueTask<string?> GetValueAsync(ValueProviderContext _, CancellationToken cancellationToken) => GetValueAsync(cancellationToken);
}
