using EventDriven.ServiceDefaults.MariaDb;

namespace EventDriven.ServiceDefaults.Tests;

public sealed class TransactionRetryTests
{
    [Fact]
    public void The_pause_doubles_up_to_a_quarter_of_a_second() => Assert.Equal(
        [10, 20, 40, 80, 160, 250, 250],
        Enumerable.Range(1, 7).Select(attempt => TransactionRetry.DelayAfter(attempt, 1).TotalMilliseconds));

    [Fact]
    public void The_pause_is_any_part_of_that() => Assert.Equal(TimeSpan.FromMilliseconds(5), TransactionRetry.DelayAfter(1, 0.5));

    [Fact]
    public async Task An_error_that_is_no_database_error_is_not_retried()
    {
        var attempts = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(() => TransactionRetry.ExecuteAsync<bool>(
            _ =>
            {
                attempts++;
                throw new InvalidOperationException();
            },
            TestContext.Current.CancellationToken));
        Assert.Equal(1, attempts);
    }
}
