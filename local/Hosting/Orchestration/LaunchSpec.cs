using System.Runtime.InteropServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventDriven.LocalHosting;

/// <summary>A process to be started: everything evaluated.</summary>
internal sealed record LaunchSpec(string Command, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment, string? ProjectPath)
{
    /// <summary>Stands in a value for the part of the instance's name after the resource's.</summary>
    public const string InstanceSuffix = "{{instance}}";

    /// <summary>Runs the environment and argument callbacks and waits for the values they give.</summary>
    /// <exception cref="DistributedApplicationException">The command is not found, or a value is missing.</exception>
    public static async Task<LaunchSpec> CreateAsync(IResource resource, string id, EndpointAllocator endpoints, IServiceProvider services, CancellationToken cancellationToken)
    {
        var execution = services.GetRequiredService<DistributedApplicationExecutionContext>();
        var logger = services.GetRequiredService<ResourceLoggerService>().GetLogger(id);

        var environment = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken) { Logger = logger };
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await annotation.Callback(environment);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in environment.EnvironmentVariables)
        {
            if (await EvaluateAsync(value) is { } text)
                variables[name] = text;
        }

        var args = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = execution, Logger = logger };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
            await annotation.Callback(args);
        var arguments = new List<string>();
        foreach (var arg in args.Args)
        {
            if (await EvaluateAsync(arg) is { } text)
                arguments.Add(text);
        }

        return resource switch
        {
            ProjectResource => ForProject(resource, services, arguments, variables),
            ExecutableResource e => new(FindCommand(e.Command, e.WorkingDirectory), arguments, e.WorkingDirectory, variables, ProjectPath: null),
            _ => throw new DistributedApplicationException($"Resource '{resource.Name}' has no process."),
        };

        async ValueTask<string?> EvaluateAsync(object value)
        {
            var text = value switch
            {
                IValueProvider provider => await provider.GetValueAsync(
                    new ValueProviderContext { ExecutionContext = execution, Caller = resource }, cancellationToken),
                IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(cancellationToken),
                _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
            };
            return text is null
                ? null
                : endpoints.FillTargetPorts(text, id).Replace(InstanceSuffix, id[(resource.Name.Length + 1)..], StringComparison.Ordinal);
        }
    }

    public CustomResourceSnapshot Describe(CustomResourceSnapshot snapshot)
    {
        snapshot = snapshot
            .WithProperty("executable.path", Command)
            .WithProperty("executable.workDir", WorkingDirectory)
            .WithProperty("executable.args", Arguments.ToArray(), sensitive: true) with
        {
            EnvironmentVariables = [.. Environment.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new EnvironmentVariableSnapshot(e.Key, e.Value, IsFromSpec: true))],
        };
        return ProjectPath is null ? snapshot : snapshot.WithProperty("project.path", ProjectPath);
    }

    private static LaunchSpec ForProject(IResource resource, IServiceProvider services, List<string> arguments, Dictionary<string, string> variables)
    {
        var project = resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath;
        var assembly = AppHostMetadata.TargetPath(services.GetRequiredService<AppHostAssembly>().Value, project);
        if (assembly is null || !File.Exists(assembly))
        {
            throw new DistributedApplicationException(
                $"Project '{project}' has no built output{(assembly is null ? "" : $" at '{assembly}'")}. Build the AppHost, which must refer to it.");
        }
        return new(DotnetHost(), ["exec", assembly, .. arguments], Path.GetDirectoryName(project)!, variables, project);
    }

    /// <summary>The <c>dotnet</c> that runs this process, so that its children run on the same one.</summary>
    private static string DotnetHost()
    {
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        return File.Exists(beside) ? beside : FindCommand("dotnet", "/");
    }

    private static string FindCommand(string command, string workingDirectory)
    {
        if (!Directory.Exists(workingDirectory))
            throw new DistributedApplicationException($"The working directory '{workingDirectory}' does not exist.");
        var candidates = command.Contains('/')
            ? [Path.GetFullPath(Path.Combine(workingDirectory, command))]
            : (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, command));
        return candidates.FirstOrDefault(File.Exists) ?? throw new DistributedApplicationException($"The command '{command}' was not found.");
    }
}
