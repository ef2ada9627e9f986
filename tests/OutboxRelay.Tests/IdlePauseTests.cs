namespace EventDriven.OutboxRelay.Tests;

public sealed class IdlePauseTests
{
    private readonly RelayOptions _options = new() { IdleFrom = TimeSpan.FromMilliseconds(5), IdleTo = TimeSpan.FromMilliseconds(250) };

    [Theory]
    [InlineData(0, 5)]
    [InlineData(20, 5)]
    [InlineData(50, 12.5)]
    [InlineData(1000, 250)]
    [InlineData(86_400_000, 250)]
    public void Waits_a_fourth_of_the_silence_within_the_bounds(double idle, double pause) =>
        Assert.Equal(TimeSpan.FromMilliseconds(pause), _options.IdlePause(TimeSpan.FromMilliseconds(idle)));
}
