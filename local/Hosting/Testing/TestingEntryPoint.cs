using System.Reflection;
using EventDriven.LocalHosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's <c>Main</c> on a thread of its own, and holds it where it wants to build its application until the test says so.</summary>
internal sealed class TestingEntryPoint(
    Assembly appHost,
    string[] args,
    Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : EntryPointObserver, IAsyncDisposable
{
    // The host reads these variables also without their prefix.
    private static readonly string[] Prefixes = ["DOTNET_", "ASPNETCORE_"];

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _buildWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHostApplicationLifetime? _lifetime;

    public async Task<DistributedApplicationBuilder> StartAsync(CancellationToken cancellationToken)
    {
        var main = appHost.EntryPoint ?? throw new InvalidOperationException($"Assembly '{appHost.GetName().Name}' does not have an entry point.");
        new Thread(() => Run(main)) { IsBackground = true, Name = $"{appHost.GetName().Name}.EntryPoint" }.Start();
        return await _builder.Task.WaitAsync(cancellationToken);
    }

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _buildWanted.TrySetResult(true);
        return await _application.Task.WaitAsync(cancellationToken);
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken) => _started.Task.WaitAsync(cancellationToken);

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _exited.Task.WaitAsync(cancellationToken);

    public override void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        var name = appHost.GetName().Name!;
        var project = AppHostMetadata.ProjectDirectory(appHost);
        options.Args = settings.Args = [.. settings.Args ?? [], .. args];
        options.AssemblyName = settings.ApplicationName = name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        settings.ContentRootPath = project;
        var configuration = settings.Configuration ??= new ConfigurationManager();
        configuration.AddInMemoryCollection(
        [
            new("DcpPublisher:RandomizePorts", "true"),
            new("ASPNETCORE_URLS", "http://localhost:8080"),
            new("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:4317"),
        ]);

        configure(options, settings);

        // What `dotnet run` would have set from the AppHost's launch profile.
        var given = new ConfigurationBuilder().AddConfiguration(configuration).AddCommandLine(settings.Args ?? []).Build();
        if (project is not null && LaunchProfileOf(project, given) is var (profileName, profile))
        {
            configuration.AddInMemoryCollection([new("DOTNET_LAUNCH_PROFILE", profileName)]);
            foreach (var (key, value) in profile.EnvironmentVariables)
            {
                var names = Prefixes.Where(p => key.StartsWith(p, StringComparison.OrdinalIgnoreCase)).Select(p => key[p.Length..]).Append(key);
                // An array: the configuration enumerates it again whenever it is reloaded.
                configuration.AddInMemoryCollection(names.Where(n => given[n] is null).Select(n => KeyValuePair.Create(n, (string?)value)).ToArray());
            }
        }
    }

    public override void Building(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        // The AppHost's thread is ours to hold; its Build is synchronous.
        if (!_buildWanted.Task.GetAwaiter().GetResult())
            throw new OperationCanceledException("The test ended without building the application.");
    }

    public override void Built(DistributedApplication application)
    {
        _lifetime = application.Services.GetRequiredService<IHostApplicationLifetime>();
        _lifetime.ApplicationStarted.Register(() => _started.TrySetResult());
        _application.TrySetResult(application);
    }

    /// <summary>Has the AppHost stop its application and waits until its code has returned.</summary>
    public async ValueTask DisposeAsync()
    {
        _buildWanted.TrySetResult(false);
        try
        {
            _lifetime?.StopApplication();
        }
        catch (ObjectDisposedException)
        {
            // It has stopped by itself.
        }
        await _exited.Task.WaitAsync(Orchestrator.StopTimeout + TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static (string Name, LaunchProfile Profile)? LaunchProfileOf(string project, IConfiguration given)
    {
        var settings = LaunchSettingsReader.Read(project);
        if (given["DOTNET_LAUNCH_PROFILE"] is { Length: > 0 } wanted)
            return LaunchSettingsReader.Select(settings, wanted, preferred: null);
        return settings?.Profiles.Select(p => ((string, LaunchProfile)?)(p.Key, p.Value)).FirstOrDefault();
    }

    private void Run(MethodInfo main)
    {
        Current = this;
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [args]);
            _exited.TrySetResult();
            Fail(new InvalidOperationException($"The entry point of '{appHost.GetName().Name}' returned before its application had started."));
        }
        catch (TargetInvocationException ex)
        {
            Fail(ex.InnerException ?? ex);
        }

        void Fail(Exception reason)
        {
            _builder.TrySetException(reason);
            _application.TrySetException(reason);
            _started.TrySetException(reason);
            _exited.TrySetException(reason);
            // Nobody may be waiting for these any more.
            _ = (_builder.Task.Exception, _application.Task.Exception, _started.Task.Exception, _exited.Task.Exception);
        }
    }
}
