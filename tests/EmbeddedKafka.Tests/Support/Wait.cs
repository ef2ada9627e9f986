namespace EventDriven.EmbeddedKafka.Tests.Support;

public static class Wait
{
    /// <summary>Waits for a condition, and fails with its text when it does not come true in time.</summary>
    public static async Task UntilAsync(
        Func<bool> condition,
        TimeSpan? limit = null,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var deadline = DateTime.UtcNow + (limit ?? TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Did not come true: {text}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
