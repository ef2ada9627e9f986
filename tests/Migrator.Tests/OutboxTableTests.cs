using System.Globalization;
using System.IO.Hashing;
using System.Text;
using EventDriven.Contracts;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.Migrator.Tests;

/// <summary>What the outbox table itself promises to whoever sends from it.</summary>
public sealed class OutboxTableTests(SharedMariaDb mariaDb)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_aggregate_stays_in_the_shard_that_its_printed_id_gives()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var ids = Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var id in ids)
        {
            await InsertAsync(databases, AggregateTypes.Order, "{}", id);
        }

        await using var connection = await databases.AdminDataSource("ecommerce").OpenConnectionAsync(Cancellation);
        await using var command = new MySqlCommand("SELECT aggregate_id, shard FROM outbox_events", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var shards = new HashSet<int>();
        while (await reader.ReadAsync(Cancellation))
        {
            var hash = Crc32.HashToUInt32(Encoding.ASCII.GetBytes(reader.GetGuid(0).ToString()));
            Assert.Equal((int)(hash % 64), reader.GetInt32(1));
            shards.Add(reader.GetInt32(1));
        }

        Assert.True(shards.Count > 32, string.Create(CultureInfo.InvariantCulture, $"200 ids fell into {shards.Count} of 64 shards"));
    }

    [Fact]
    public async Task Every_aggregate_type_that_has_a_topic_is_taken_and_no_other()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        foreach (var type in AggregateTypes.All)
        {
            await InsertAsync(databases, type, "{}", Guid.CreateVersion7());
        }

        await AssertRefusedAsync(databases, "Order", "{}");
        await AssertRefusedAsync(databases, "shipment", "{}");
    }

    [Fact]
    public async Task What_would_stop_a_sender_is_refused()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await AssertRefusedAsync(databases, AggregateTypes.Order, "{");
        await AssertRefusedAsync(databases, AggregateTypes.Order, $"\"{new string('x', 524_287)}\"");
        await InsertAsync(databases, AggregateTypes.Order, $"\"{new string('x', 524_286)}\"", Guid.CreateVersion7());
    }

    private static async Task AssertRefusedAsync(TestDatabases databases, string aggregateType, string payload)
    {
        var refused = await Assert.ThrowsAsync<MySqlException>(() => InsertAsync(databases, aggregateType, payload, Guid.CreateVersion7()));
        Assert.Equal(4025, refused.Number); // ER_CONSTRAINT_FAILED
    }

    private static async Task InsertAsync(TestDatabases databases, string aggregateType, string payload, Guid aggregateId)
    {
        await using var connection = await databases.DataSource("order_api", "ecommerce").OpenConnectionAsync(Cancellation);
        await using var command = new MySqlCommand(
            """
            INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at)
            VALUES (@id, @type, @aggregate, 1, 'OrderCreated', @payload, UTC_TIMESTAMP(6))
            """, connection);
        command.Parameters.AddWithValue("@id", Guid.CreateVersion7());
        command.Parameters.AddWithValue("@type", aggregateType);
        command.Parameters.AddWithValue("@aggregate", aggregateId);
        command.Parameters.AddWithValue("@payload", payload);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
