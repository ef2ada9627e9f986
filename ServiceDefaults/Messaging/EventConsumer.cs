using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Keeps a <see cref="ConsumerSession"/> running. Reading from Kafka blocks by its nature, so it has a thread of its own and takes none from the pool.</summary>
internal sealed class EventConsumer(
    ConsumerFactory consumers,
    ConsumerStore store,
    BatchProcessor processor,
    ConsumerMetrics metrics,
    ConsumerHealth health,
    IOptions<EventConsumerOptions> options,
    ILogger<EventConsumer> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        Log.Started(logger, string.Join(", ", options.Value.Topics.Select(topic => topic.Name)), options.Value.Group);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var session = new ConsumerSession(consumers, store, processor, metrics, health, options.Value, logger, stoppingToken);
                session.Run();
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // What was in memory is dropped; the next session begins where the database says.
                Log.ConsumerFailed(logger, exception);
                health.Failed(exception);
                stoppingToken.WaitHandle.WaitOne(Pause);
            }
        }
    }
}
