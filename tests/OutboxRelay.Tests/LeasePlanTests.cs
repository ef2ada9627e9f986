using EventDriven.OutboxRelay.Leases;

namespace EventDriven.OutboxRelay.Tests;

public sealed class LeasePlanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(100)]
    public void Relays_come_to_fair_shares_and_then_nothing_moves(int relays)
    {
        var names = Enumerable.Range(0, relays).Select(index => $"relay-{index:000}").ToList();
        var table = Enumerable.Range(0, 64).Select(shard => new ShardLease(shard, null, 0)).ToArray();

        // Two rounds at most: the first may have to wait for another relay to give up what it has too much of.
        foreach (var relay in names.Concat(names))
        {
            Round(table, relay, names);
        }

        var before = table.ToArray();
        foreach (var relay in names)
        {
            Round(table, relay, names);
        }

        Assert.Equal(before, table);
        Assert.DoesNotContain(table, lease => lease.Owner is null);
        var shares = names.Select(name => table.Count(lease => string.Equals(lease.Owner, name, StringComparison.Ordinal))).ToList();
        Assert.InRange(shares.Max() - shares.Min(), 0, 1);
    }

    [Fact]
    public void A_relay_that_comes_late_gets_its_share_when_the_first_one_has_given_it_up()
    {
        var table = Enumerable.Range(0, 64).Select(shard => new ShardLease(shard, "a", 1)).ToArray();

        Round(table, "b", ["a", "b"]);
        Assert.DoesNotContain(table, lease => string.Equals(lease.Owner, "b", StringComparison.Ordinal));
        Round(table, "a", ["a", "b"]);
        Round(table, "b", ["a", "b"]);

        Assert.Equal(32, table.Count(lease => lease is { Owner: "b", Fence: 2 }));
    }

    [Fact]
    public void The_shards_of_a_dead_relay_are_taken_with_a_higher_fence()
    {
        ShardLease[] table = [new(0, "dead", 7), new(1, "a", 3)];

        Round(table, "a", ["a"]);

        Assert.Equal([new(0, "a", 8), new(1, "a", 3)], table);
    }

    [Fact]
    public void Nothing_is_given_up_while_rows_are_in_flight()
    {
        var plan = LeasePlan.Decide("a", ["a", "b"], [new(0, "a", 1), new(1, "a", 1)], mayRelease: false);

        Assert.Equal(2, plan.Keep.Count);
        Assert.Empty(plan.Release);
    }

    private static void Round(ShardLease[] table, string relay, IReadOnlyCollection<string> alive)
    {
        var plan = LeasePlan.Decide(relay, alive, table, mayRelease: true);
        foreach (var lease in plan.Release)
        {
            table[lease.Shard] = lease with { Owner = null };
        }

        foreach (var lease in plan.Claim)
        {
            table[lease.Shard] = new(lease.Shard, relay, lease.Fence + 1);
        }
    }
}
