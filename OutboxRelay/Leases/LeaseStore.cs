using System.Data;
using EventDriven.ServiceDefaults.MariaDb;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace EventDriven.OutboxRelay.Leases;

/// <summary>The lease tables. All comparisons of time are made by the database's clock.</summary>
internal sealed class LeaseStore([FromKeyedServices("ecommerce")] MySqlDataSource database)
{
    /// <summary>Renews the relay's life sign, then keeps, gives up and takes shards as <see cref="LeasePlan"/> decides. Returns the shards it holds now, with their fences.</summary>
    public async Task<IReadOnlyDictionary<int, ulong>> RenewAsync(string relay, TimeSpan lease, bool mayRelease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

        // The lock on the leases comes first: relays decide one after the other, each on what the one before it wrote.
        var sql = new SqlBuilder()
            .Sql("SELECT shard, owner, fence FROM outbox_shard_leases ORDER BY shard FOR UPDATE; ")
            .Sql("INSERT INTO outbox_relays (relay, expires_at) VALUES (").Value(relay).Sql(", UTC_TIMESTAMP(6) + INTERVAL ").Value(lease.Ticks / TimeSpan.TicksPerMicrosecond)
            .Sql(" MICROSECOND) ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at); ")
            .Sql("SELECT relay FROM outbox_relays WHERE expires_at > UTC_TIMESTAMP(6)");
        List<ShardLease> leases = [];
        List<string> alive = [];
        await using (var command = sql.ToCommand(connection, transaction))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                leases.Add(new(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetUInt64(2)));
            }

            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                alive.Add(reader.GetString(0));
            }
        }

        var plan = LeasePlan.Decide(relay, alive, leases, mayRelease);
        await WriteAsync(relay, plan, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var held = plan.Keep.ToDictionary(shard => shard.Shard, shard => shard.Fence);
        foreach (var claimed in plan.Claim)
        {
            held.Add(claimed.Shard, claimed.Fence + 1);
        }

        return held;
    }

    /// <summary>Gives up everything, so that the others need not wait for the lease to run out.</summary>
    public async Task ReleaseAllAsync(string relay, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new SqlBuilder()
            .Sql("UPDATE outbox_shard_leases SET owner = NULL WHERE owner = ").Value(relay)
            .Sql("; DELETE FROM outbox_relays WHERE relay = ").Value(relay).ToCommand(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task WriteAsync(string relay, LeasePlan plan, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (plan.Claim.Count > 0)
        {
            await new SqlBuilder().Sql("UPDATE outbox_shard_leases SET fence = fence + 1, owner = ").Value(relay)
                .Sql(" WHERE shard IN (").List(plan.Claim.Select(lease => lease.Shard))
                .Sql("); DELETE FROM outbox_relays WHERE expires_at < UTC_TIMESTAMP(6) - INTERVAL 1 HOUR").ExecuteAsync(transaction, cancellationToken);
        }

        if (plan.Release.Count > 0)
        {
            await new SqlBuilder().Sql("UPDATE outbox_shard_leases SET owner = NULL WHERE shard IN (")
                .List(plan.Release.Select(lease => lease.Shard)).Sql(")").ExecuteAsync(transaction, cancellationToken);
        }
    }
}
