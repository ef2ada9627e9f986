namespace Aspire.Hosting;

public class ProjectResourceOptions
{
    /// <summary>The profile to take URLs and variables from; chosen when null.</summary>
    public string? LaunchProfileName { get; set; }

    public bool ExcludeLaunchProfile { get; set; }
}
