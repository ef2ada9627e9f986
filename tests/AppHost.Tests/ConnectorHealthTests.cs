using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventDriven.AppHost.Tests;

public sealed class ConnectorHealthTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ConnectorPartStatus Running = new("RUNNING");
    private static readonly ConnectorPartStatus Failed = new(
        "FAILED", "org.apache.kafka.connect.errors.ConnectException: An exception occurred\n\tat x.Y(Z.java:1)\nCaused by: java.sql.SQLException: Access denied\n\t... 8 more\n", 0);

    [Fact]
    public void Connector_and_task_that_run_are_healthy() =>
        Assert.Equal(HealthStatus.Healthy, Judge(Running, Running).Status);

    [Fact]
    public void A_failed_task_under_a_running_connector_is_unhealthy_with_the_first_line_and_the_cause()
    {
        var health = Judge(Running, Failed);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal(
            "Task 0 failed: org.apache.kafka.connect.errors.ConnectException: An exception occurred (cause: java.sql.SQLException: Access denied)", health.Description);
    }

    [Fact]
    public void A_connector_that_runs_while_the_outbox_grows_old_is_unhealthy()
    {
        var health = Judge(Running, Running, oldest: 95);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal(
            "The connector says RUNNING, but the oldest row has stood in the outbox for 95 s: nothing is sent, or the janitor does not run.", health.Description);
        Assert.Equal(HealthStatus.Healthy, Judge(Running, Running, oldest: 29).Status);
    }

    [Theory]
    [InlineData("PAUSED", HealthStatus.Degraded)]
    [InlineData("STOPPED", HealthStatus.Degraded)]
    [InlineData("UNASSIGNED", HealthStatus.Unhealthy)]
    [InlineData("FAILED", HealthStatus.Unhealthy)]
    public void Any_other_state_is_not_healthy(string state, HealthStatus expected) =>
        Assert.Equal(expected, Judge(new(state), Running).Status);

    [Fact]
    public void A_connector_without_a_task_or_unknown_to_the_worker_is_unhealthy()
    {
        Assert.Equal("The connector is RUNNING, no task.", ConnectorHealth.Judge(new(Running, []), oldest: null, Patience).Description);
        Assert.Equal(HealthStatus.Unhealthy, ConnectorHealth.Judge(status: null, oldest: null, Patience).Status);
    }

    [Fact]
    public void What_fails_is_restarted_at_growing_intervals_and_anew_after_it_ran_for_a_minute()
    {
        var time = new Clock();
        var plan = new RestartPlan(time);
        Assert.Equal([5, 15, 35, 75, 135], RestartsOfAFailure(140));

        time.Now += TimeSpan.FromSeconds(1);
        Assert.False(plan.IsDue(failed: false));
        time.Now += TimeSpan.FromSeconds(61);
        Assert.False(plan.IsDue(failed: false));
        Assert.Equal([5, 15], RestartsOfAFailure(20));

        List<int> RestartsOfAFailure(int seconds)
        {
            var start = time.Now;
            List<int> restarts = [];
            for (var second = 0; second <= seconds; second++)
            {
                time.Now = start + TimeSpan.FromSeconds(second);
                if (plan.IsDue(failed: true))
                {
                    restarts.Add(second);
                }
            }

            return restarts;
        }
    }

    private static HealthCheckResult Judge(ConnectorPartStatus connector, ConnectorPartStatus task, int? oldest = null) =>
        ConnectorHealth.Judge(new(connector, [task]), oldest is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Patience);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
