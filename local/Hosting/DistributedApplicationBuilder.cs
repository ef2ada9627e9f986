using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Testing;
using EventDriven.LocalHosting;
using EventDriven.LocalHosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly EntryPointObserver? _observer;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var settings = new HostApplicationBuilderSettings { Args = options.Args, Configuration = new ConfigurationManager() };
        settings.Configuration.AddEnvironmentVariables("ASPIRE_");
        _observer = EntryPointObserver.Current;
        _observer?.Constructing(options, settings);
        _host = new HostApplicationBuilder(settings);

        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        AppHostDirectory = AppHostMetadata.ProjectDirectory(AppHostAssembly) ?? Environment.ContentRootPath;
        Configuration.AddInMemoryCollection([new("AppHost:Directory", AppHostDirectory)]);

        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        _host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        // Hosting failed to start: whoever started it says so too.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // A check fails again and again while its resource starts; the dashboard and the waits show it.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Logging.AddConfiguration(Configuration.GetSection("Logging"));

        Services.AddSingleton(options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(new AppHostAssembly(AppHostAssembly));
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(sp => new ResourceLoggerService(sp.GetRequiredService<TimeProvider>()));
        Services.AddSingleton(sp => new ResourceNotificationService(
            sp, sp.GetRequiredService<ResourceLoggerService>(), sp.GetRequiredService<IOptions<ResourceNotificationServiceOptions>>()));
        Services.AddSingleton(sp => new ResourceCommandService(sp));
        Services.Configure<ResourceNotificationServiceOptions>(o => o.DefaultWaitBehavior = options.DisableDashboard
            ? WaitBehavior.StopOnResourceUnavailable
            : WaitBehavior.WaitOnResourceUnavailable);
        Services.Configure<HostOptions>(o => o.ShutdownTimeout = Orchestrator.StopTimeout + TimeSpan.FromSeconds(1));
        Services.AddHealthChecks();
        Services.AddHttpClient();

        Services.AddSingleton<OutputForwarder>();
        Services.AddHostedService(sp => sp.GetRequiredService<OutputForwarder>());
        if (!options.DisableDashboard)
            this.AddDashboard();
        Services.AddHostedService<HealthMonitor>();
        Services.AddSingleton<Orchestrator>();
        Services.AddHostedService(sp => sp.GetRequiredService<Orchestrator>());
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <summary>A test runs the AppHost: nothing it generates is kept.</summary>
    internal bool LeavesNoTrace => _observer is not null;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.TryGetByName(resource.Name, out var existing))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{existing.GetType()}' with that name already exists.");
        }
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _observer?.Building(this);
        var application = new DistributedApplication(_host.Build());
        ExecutionContext.ServiceProvider = application.Services;
        Orchestrator.Prepare(Resources);
        _observer?.Built(application);
        return application;
    }
}
