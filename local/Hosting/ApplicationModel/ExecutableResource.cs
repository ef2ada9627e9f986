namespace Aspire.Hosting.ApplicationModel;

/// <summary>A process started from a command.</summary>
public class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public ExecutableResource(string name, string command, string workingDirectory)
        : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        Command = command;
        WorkingDirectory = workingDirectory;
    }

    public string Command { get; internal set; }

    public string WorkingDirectory { get; internal set; }
}
