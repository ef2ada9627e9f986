using EventDriven.Contracts;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.OrderApi.Tests;

public sealed class LimitTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_asks_too_fast_is_told_when_to_come_back_and_probes_are_not_counted()
    {
        await using var api = await ApiUnderTest.StartAsync(
            await mariaDb.ServerAsync(Cancellation), Cancellation, ("Limits:RequestsPerSecond", "1"), ("Limits:Burst", "5"));
        var statuses = new List<int>();
        for (var i = 0; i < 10; i++)
        {
            using var response = await api.SendAsync("GET", "/dashboard/orders");
            statuses.Add((int)response.StatusCode);
            if ((int)response.StatusCode == 429)
            {
                Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            }

            using var probe = await api.SendAsync("GET", "/alive");
            Assert.Equal(200, (int)probe.StatusCode);
        }

        Assert.Equal([200, 200, 200, 200, 200], statuses.Take(5));
        Assert.Contains(429, statuses);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_given_up_and_has_no_effect()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation, ("Limits:RequestTimeout", "00:00:00.5"));
        await using (var blocker = await api.Databases.AdminDataSource("ecommerce").OpenConnectionAsync(Cancellation))
        {
            await using var transaction = await blocker.BeginTransactionAsync(Cancellation);
            await using var hold = new MySqlCommand("SELECT * FROM products FOR UPDATE", blocker, transaction);
            await hold.ExecuteNonQueryAsync(Cancellation);
            using var response = await api.SendAsync("POST", "/orders", ApiUnderTest.Order((ApiUnderTest.Keyboard, 1)));
            Assert.Equal(504, (int)response.StatusCode);
            Assert.Contains("urn:problem:order-api:timeout", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            await transaction.RollbackAsync(Cancellation);
        }

        await api.OrderInAsync(OrderStatus.Pending);
        Assert.Equal(1, await api.ScalarAsync<int>("SELECT COUNT(*) FROM orders"));
    }

    [Theory]
    [InlineData("Limits:Burst", "0")]
    [InlineData("Limits:RequestTimeout", "01:00:00")]
    public async Task A_setting_out_of_range_stops_the_start(string name, string value)
    {
        var server = await mariaDb.ServerAsync(Cancellation);
        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await ApiUnderTest.StartAsync(server, Cancellation, (name, value)));
        Assert.Contains(name.Split(':')[1], error.ToString(), StringComparison.Ordinal);
    }
}
