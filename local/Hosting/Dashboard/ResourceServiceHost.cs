using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDriven.LocalHosting.Dashboard;

/// <summary>Serves <see cref="ResourceService"/> on a loopback port, to who has the key.</summary>
internal sealed class ResourceServiceHost(
    IConfiguration configuration,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IHostEnvironment environment) : IHostedService, IAsyncDisposable
{
    private const string KeyHeader = "x-resource-service-api-key";

    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _app;

    public string ApiKey { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Cancelled when the streams have to end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Known once started.</summary>
    public string Url => _app!.Urls.First();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment.EnvironmentName });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton(notifications);
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(commands);
        builder.Services.AddSingleton(environment);
        var wanted = configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] ?? configuration["DOTNET_RESOURCE_SERVICE_ENDPOINT_URL"];
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback,
            wanted is null ? 0 : new Uri(wanted).Port,
            listen => listen.Protocols = HttpProtocols.Http2));

        _app = builder.Build();
        var key = Encoding.UTF8.GetBytes(ApiKey);
        _app.Use((context, next) =>
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.Request.Headers[KeyHeader].ToString()), key))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        _app.MapGrpcService<ResourceService>();
        await _app.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_app is not null)
            await _app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _stopping.Dispose();
    }
}
