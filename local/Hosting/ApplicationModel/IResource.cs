namespace Aspire.Hosting.ApplicationModel;

/// <summary>A named part of the application.</summary>
public interface IResource
{
    /// <summary>Unique within the application, whatever the case.</summary>
    string Name { get; }

    ResourceAnnotationCollection Annotations { get; }
}
