using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDriven.OutboxRelay;

/// <summary>Says at start why this relay does nothing.</summary>
internal sealed class NotPublisherNotice(ILogger<NotPublisherNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.NotPublisher(logger);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
