namespace Aspire.Hosting.ApplicationModel;

public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    /// <summary>A Fluent UI icon's name.</summary>
    public string IconName { get; } = iconName;

    public IconVariant IconVariant { get; } = iconVariant;
}
