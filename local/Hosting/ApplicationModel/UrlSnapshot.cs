namespace Aspire.Hosting.ApplicationModel;

/// <param name="IsInternal">Shown in the details only.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>Hidden: nothing listens there now.</summary>
    public bool IsInactive { get; init; }

    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}
