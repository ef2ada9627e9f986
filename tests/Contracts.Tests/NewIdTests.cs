namespace EventDriven.Contracts.Tests;

public sealed class NewIdTests
{
    [Fact]
    public void Ids_are_of_version_7_carry_their_instant_and_never_end_in_a_zero_byte()
    {
        var now = new DateTimeOffset(2026, 3, 29, 1, 59, 59, 999, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 20_000).Select(_ => NewId.At(now)).ToList();
        Assert.All(ids, id =>
        {
            Assert.Equal(7, id.Version);
            Assert.Equal(now.ToUnixTimeMilliseconds(), Convert.ToInt64(id.ToString("N")[..12], 16));
            Assert.NotEqual(0, id.ToByteArray()[15]);
        });
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }
}
