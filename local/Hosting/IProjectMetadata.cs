using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A project the AppHost refers to; the build generates one class per project in the namespace <c>Projects</c>.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The project file.</summary>
    string ProjectPath { get; }

    LaunchSettings? LaunchSettings => null;

    bool SuppressBuild => false;
}
