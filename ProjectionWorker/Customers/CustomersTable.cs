using EventDriven.Contracts;
using EventDriven.ServiceDefaults.MariaDb;
using EventDriven.ServiceDefaults.Messaging;
using MySqlConnector;

namespace EventDriven.ProjectionWorker.Customers;

/// <summary>Writes <c>customers_projection</c>, and the customer's name and address where orders carry them.</summary>
internal static class CustomersTable
{
    public static async Task ApplyAsync(IReadOnlyList<IncomingEvent> events, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        Dictionary<Guid, CustomerRow> rows = [];
        foreach (var incoming in events.Where(incoming => incoming.Event is CustomerEvent))
        {
            if (CustomerRow.Apply(rows.GetValueOrDefault(incoming.Aggregate.Id), incoming) is { } row)
            {
                rows[row.CustomerId] = row;
            }
        }

        if (rows.Count == 0)
        {
            return;
        }

        // Orders show the customer as known now, so that the read model is the same however the two topics were interleaved.
        await new SqlBuilder()
            .Sql("INSERT INTO customers_projection (customer_id, first_name, last_name, email, tier, registered_at, updated_at, version) VALUES ")
            .Rows(rows.Values.OrderBy(row => row.CustomerId), row =>
                [row.CustomerId, row.FirstName, row.LastName, row.Email, WireNames.Of(row.Tier), row.RegisteredAt, row.UpdatedAt, row.Version])
            .Sql("""
                 ON DUPLICATE KEY UPDATE first_name = VALUES(first_name), last_name = VALUES(last_name), email = VALUES(email), tier = VALUES(tier),
                registered_at = COALESCE(VALUES(registered_at), registered_at), updated_at = VALUES(updated_at), version = VALUES(version);
                UPDATE orders_projection AS o JOIN customers_projection AS c USING (customer_id)
                SET o.customer_name = CONCAT(c.first_name, ' ', c.last_name), o.customer_email = c.email WHERE c.customer_id IN (
                """)
            .List(rows.Keys).Sql(")")
            .ExecuteAsync(transaction, cancellationToken);
    }

    /// <summary>
    /// The names and addresses of customers. Each row is locked until the end of the transaction, one not there yet is made as a row of version 0: so either
    /// this transaction sees the customer, or the one that brings the customer sees this one's orders.
    /// </summary>
    public static async Task<IReadOnlyDictionary<Guid, (string? Name, string? Email)>> LockAsync(
        IReadOnlyCollection<Guid> customers, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        var known = await ReadAsync(customers, transaction, cancellationToken);
        var unknown = customers.Where(customer => !known.ContainsKey(customer)).Order().ToList();
        if (unknown.Count == 0)
        {
            return known;
        }

        await new SqlBuilder().Sql("INSERT IGNORE INTO customers_projection (customer_id, version) VALUES ")
            .Rows(unknown, customer => [customer, 0]).ExecuteAsync(transaction, cancellationToken);
        return await ReadAsync(customers, transaction, cancellationToken);
    }

    private static async Task<Dictionary<Guid, (string? Name, string? Email)>> ReadAsync(
        IReadOnlyCollection<Guid> customers, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new SqlBuilder()
            .Sql("SELECT customer_id, CONCAT(first_name, ' ', last_name), email FROM customers_projection WHERE customer_id IN (").List(customers)
            .Sql(") ORDER BY customer_id LOCK IN SHARE MODE").ToCommand(transaction.Connection!, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<Guid, (string?, string?)> read = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add(reader.GetGuid(0), (reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
        }

        return read;
    }
}
