using MySqlConnector;

namespace EventDriven.OrderApi.Idempotency;

/// <summary>Removes expired answers every ten minutes, so that the table does not grow for ever.</summary>
internal sealed class IdempotencyCleaner(IdempotencyStore keys, TimeProvider clock, ILogger<IdempotencyCleaner> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var removed = await keys.RemoveExpiredAsync(stoppingToken);
                if (removed > 0)
                {
                    logger.IdempotencyKeysRemoved(removed);
                }
            }
            catch (MySqlException e)
            {
                logger.IdempotencyKeysKept(e.Message);
            }
        }
    }
}
