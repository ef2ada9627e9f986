using System.Diagnostics;
using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Outbox;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.Tests;

public sealed class TransactionalOutboxTests(SharedMariaDb mariaDb)
{
    private static readonly string AddCustomer =
        "INSERT INTO customers VALUES (@id, 'Ada', 'Lovelace', @email, 'standard', @at, @at, 1)";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_and_events_are_written_together_with_every_header()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var id = Guid.CreateVersion7();
        using var activity = new Activity("command").SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.TraceStateString = "vendor=1";

        DateTimeOffset at = default;
        await Outbox(databases).ExecuteAsync(
            tx =>
            {
                at = tx.Now;
                tx.Write(AddCustomer, ("@id", id), ("@email", "ada@example.com"), ("@at", tx.Now));
                tx.Publish(new CustomerRegistered(id, "Ada", "Lovelace", "ada@example.com", CustomerTier.Standard, tx.Now), 1);
                tx.Publish(new CustomerUpdated(id, "Ada", "King", "ada@example.com", CustomerTier.Gold, tx.Now), 2);
            },
            Cancellation,
            new EventContext("chain", "command-7"));

        var rows = await RowsAsync(databases);
        Assert.Equal(2, rows.Count);
        Assert.Equal(["CustomerRegistered", "CustomerUpdated"], rows.Select(row => row.EventType));
        Assert.Equal([1, 2], rows.Select(row => row.Version));
        Assert.All(rows, row =>
        {
            Assert.Equal(7, row.Id.Version);
            Assert.Equal(("customer", id, "chain", "command-7", "test", activity.Id, "vendor=1"),
                (row.AggregateType, row.AggregateId, row.CorrelationId, row.CausationId, row.Source, row.TraceParent, row.TraceState));
            Assert.Equal(at.UtcDateTime, row.CreatedAt);
        });
        Assert.Equal(EventJson.Write(new CustomerRegistered(id, "Ada", "Lovelace", "ada@example.com", CustomerTier.Standard, at)), rows[0].Payload);
        Assert.Equal(1L, await ScalarAsync(databases, "SELECT COUNT(*) FROM customers"));
    }

    [Fact]
    public async Task Without_a_context_the_trace_stands_for_the_chain_and_what_has_no_value_is_null()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        Activity.Current = null;
        await Outbox(databases).ExecuteAsync(tx => tx.Publish(Delivered(tx), 1), Cancellation);
        var row = Assert.Single(await RowsAsync(databases));
        Assert.Equal((row.Id.ToString(), null, null, null), (row.CorrelationId, row.CausationId, row.TraceParent, row.TraceState));
    }

    [Fact]
    public async Task What_the_work_throws_leaves_neither_state_nor_event()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Outbox(databases).ExecuteAsync<bool>(
            async (tx, cancellation) =>
            {
                await using (await tx.ReadAsync(cancellation, OutboxTransaction.Statement(
                    AddCustomer, ("@id", Guid.CreateVersion7()), ("@email", "a@example.com"), ("@at", tx.Now))))
                {
                }

                tx.Publish(Delivered(tx), 1);
                throw new InvalidOperationException("changed my mind");
            },
            Cancellation));
        await AssertEmptyAsync(databases);
    }

    [Fact]
    public async Task An_event_that_the_outbox_refuses_takes_the_state_with_it()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await Assert.ThrowsAsync<MySqlException>(() => Outbox(databases).ExecuteAsync(
            tx =>
            {
                tx.Write(AddCustomer, ("@id", Guid.CreateVersion7()), ("@email", "a@example.com"), ("@at", tx.Now));
                tx.Publish(new OrderCancelled(Guid.CreateVersion7(), new string('x', 600_000), 0m, tx.Now), 1);
            },
            Cancellation));
        await AssertEmptyAsync(databases);
    }

    [Fact]
    public async Task Reads_are_inside_the_transaction_at_read_committed()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        static MySqlBatchCommand Count() => OutboxTransaction.Statement("SELECT @@in_transaction + COUNT(*) FROM customers WHERE tier = @tier", ("@tier", "standard"));
        await Outbox(databases).ExecuteAsync(
            async (tx, cancellation) =>
            {
                await using (var reader = await tx.ReadAsync(cancellation, OutboxTransaction.Statement("SELECT 41"), Count()))
                {
                    Assert.True(await reader.ReadAsync(cancellation));
                    Assert.Equal(41, reader.GetInt32(0));
                    Assert.True(await reader.NextResultAsync(cancellation));
                    Assert.True(await reader.ReadAsync(cancellation));
                    Assert.Equal(1, reader.GetInt32(0));
                }

                await Outbox(databases).ExecuteAsync(
                    other => other.Write(AddCustomer, ("@id", Guid.CreateVersion7()), ("@email", "a@example.com"), ("@at", other.Now)), cancellation);
                await using var again = await tx.ReadAsync(cancellation, Count());
                Assert.True(await again.ReadAsync(cancellation));
                Assert.Equal(2, again.GetInt32(0));
                return true;
            },
            Cancellation);
    }

    [Fact]
    public async Task The_loser_of_a_deadlock_is_run_again()
    {
        await using var databases = await TestDatabases.CreateAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
        {
            await Outbox(databases).ExecuteAsync(
                tx => tx.Write(AddCustomer, ("@id", id), ("@email", $"{i}@example.com"), ("@at", tx.Now)), Cancellation);
        }

        var attempts = 0;
        using var bothHoldOne = new Barrier(2);
        async Task UpdateAsync(Guid first, Guid second)
        {
            var firstAttempt = true;
            await Outbox(databases).ExecuteAsync(
                async (tx, cancellation) =>
                {
                    Interlocked.Increment(ref attempts);
                    await LockAsync(tx, first, cancellation);
                    if (firstAttempt)
                    {
                        firstAttempt = false;
                        await Task.Run(() => bothHoldOne.SignalAndWait(cancellation), cancellation);
                    }

                    await LockAsync(tx, second, cancellation);
                    tx.Write("UPDATE customers SET version = version + 1");
                    tx.Publish(Delivered(tx), 1);
                    return true;
                },
                Cancellation);
        }

        await Task.WhenAll(UpdateAsync(ids[0], ids[1]), UpdateAsync(ids[1], ids[0]));
        Assert.True(attempts >= 3, "no deadlock happened");
        Assert.Equal(2, (await RowsAsync(databases)).Count);
        Assert.Equal(6m, await ScalarAsync(databases, "SELECT SUM(version) FROM customers"));
    }

    private static TransactionalOutbox Outbox(TestDatabases databases) =>
        new(databases.DataSource("order_api", "ecommerce"), "test", TimeProvider.System);

    private static OrderDelivered Delivered(OutboxTransaction tx) => new(Guid.CreateVersion7(), tx.Now);

    private static async Task LockAsync(OutboxTransaction tx, Guid id, CancellationToken cancellationToken)
    {
        await using var reader = await tx.ReadAsync(
            cancellationToken, OutboxTransaction.Statement("SELECT 1 FROM customers WHERE customer_id = @id FOR UPDATE", ("@id", id)));
    }

    private static async Task AssertEmptyAsync(TestDatabases databases) =>
        Assert.Equal(0L, await ScalarAsync(databases, "SELECT (SELECT COUNT(*) FROM customers) + (SELECT COUNT(*) FROM outbox_events)"));

    private static async Task<object?> ScalarAsync(TestDatabases databases, string sql)
    {
        await using var command = databases.AdminDataSource("ecommerce").CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task<List<Row>> RowsAsync(TestDatabases databases)
    {
        await using var connection = await databases.AdminDataSource("ecommerce").OpenConnectionAsync(Cancellation);
        await using var command = new MySqlCommand(
            """
            SELECT id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at,
                   correlation_id, causation_id, source, traceparent, tracestate
            FROM outbox_events ORDER BY sequence
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<Row>();
        while (await reader.ReadAsync(Cancellation))
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2), reader.GetInt32(3), reader.GetString(4), reader.GetString(5),
                reader.GetDateTime(6), Text(7), Text(8), Text(9), Text(10), Text(11)));
        }

        return rows;
    }

    private sealed record Row(
        Guid Id, string AggregateType, Guid AggregateId, int Version, string EventType, string Payload, DateTime CreatedAt,
        string? CorrelationId, string? CausationId, string? Source, string? TraceParent, string? TraceState);
}
