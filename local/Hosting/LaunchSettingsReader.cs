using System.Text.Json;

namespace Aspire.Hosting;

internal static class LaunchSettingsReader
{
    private static readonly JsonSerializerOptions Options = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Null where the project has none.</summary>
    /// <exception cref="DistributedApplicationException">The file is no valid JSON.</exception>
    public static LaunchSettings? Read(string projectDirectory)
    {
        var path = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllText(path), Options);
        }
        catch (JsonException ex)
        {
            throw new DistributedApplicationException($"Could not read '{path}': {ex.Message}", ex);
        }
    }

    /// <summary>The named profile, else the AppHost's own profile's namesake, else the first that runs the project.</summary>
    /// <exception cref="DistributedApplicationException"><paramref name="name"/> is given and there is no such profile.</exception>
    public static (string Name, LaunchProfile Profile)? Select(LaunchSettings? settings, string? name, string? preferred)
    {
        if (name is not null)
        {
            return settings is not null && settings.Profiles.TryGetValue(name, out var named)
                ? (name, named)
                : throw new DistributedApplicationException($"Launch settings file does not contain '{name}' profile.");
        }
        if (preferred is not null && settings?.Profiles.TryGetValue(preferred, out var same) == true)
            return (preferred, same);
        return settings?.Profiles.Where(p => p.Value.CommandName == "Project").Select(p => ((string, LaunchProfile)?)(p.Key, p.Value)).FirstOrDefault();
    }
}
