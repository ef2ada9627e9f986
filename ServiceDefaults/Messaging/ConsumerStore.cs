using Confluent.Kafka;
using EventDriven.ServiceDefaults.MariaDb;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>A group's positions, versions and parked aggregates in the database that its effects are written to.</summary>
internal sealed class ConsumerStore(MySqlDataSource database, string group)
{
    private const int ReasonLength = 1000;

    /// <summary>The offsets to begin at. A partition never read before gets a row, so that there is always one to lock.</summary>
    public async Task<IReadOnlyDictionary<TopicPartition, long>> PositionsAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        if (partitions.Count == 0)
        {
            return new Dictionary<TopicPartition, long>();
        }

        var sql = new SqlBuilder()
            .Sql("INSERT IGNORE INTO consumer_offsets (consumer_group, topic, partition_id, next_offset, updated_at) VALUES ")
            .Rows(partitions, partition => [group, partition.Topic, partition.Partition.Value, 0L, DateTime.UtcNow])
            .Sql("; SELECT topic, partition_id, next_offset FROM consumer_offsets WHERE ");
        Where(sql, partitions);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await OffsetsAsync(reader, cancellationToken);
    }

    /// <summary>Locks the batch's offset rows, then reads what is needed to judge its records. One round trip.</summary>
    public async Task<ConsumerState> LockAsync(MySqlTransaction transaction, Batch batch, CancellationToken cancellationToken)
    {
        var aggregates = batch.Records.Select(record => record.Aggregate).OfType<AggregateKey>().Distinct().ToList();
        var sql = new SqlBuilder().Sql("SELECT topic, partition_id, next_offset FROM consumer_offsets WHERE ");
        Where(sql, [.. batch.Positions.Select(position => position.Partition), .. batch.Locked]);
        sql.Sql(" ORDER BY topic, partition_id FOR UPDATE");
        if (aggregates.Count > 0)
        {
            sql.Sql("; SELECT aggregate_type, aggregate_id, version FROM aggregate_versions WHERE ");
            Where(sql, aggregates);
            sql.Sql("; SELECT aggregate_type, aggregate_id, first_version, last_version, reason FROM parked_aggregates WHERE ");
            Where(sql, aggregates);
        }

        await using var command = sql.ToCommand(transaction.Connection!, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var offsets = await OffsetsAsync(reader, cancellationToken);
        Dictionary<AggregateKey, int> versions = [];
        Dictionary<AggregateKey, ParkedAggregate> parked = [];
        if (await reader.NextResultAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                versions.Add(new(reader.GetString(0), reader.GetGuid(1)), reader.GetInt32(2));
            }
        }

        if (await reader.NextResultAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                parked.Add(new(reader.GetString(0), reader.GetGuid(1)), new(reader.GetInt32(2), reader.GetInt32(3), reader.GetString(4)));
            }
        }

        return new(offsets, versions, parked);
    }

    /// <summary>Writes what the batch changed: offsets, versions, parked aggregates. One round trip.</summary>
    public async Task SaveAsync(MySqlTransaction transaction, IReadOnlyList<PartitionPosition> positions, Verdict verdict, CancellationToken cancellationToken)
    {
        var now = DateTime.UtcNow;
        var sql = new SqlBuilder()
            .Sql("INSERT INTO consumer_offsets (consumer_group, topic, partition_id, next_offset, updated_at) VALUES ")
            .Rows(positions, at => [group, at.Partition.Topic, at.Partition.Partition.Value, at.Next, now])
            .Sql(" ON DUPLICATE KEY UPDATE next_offset = VALUES(next_offset), updated_at = VALUES(updated_at)");
        if (verdict.Versions.Count > 0)
        {
            sql.Sql("; INSERT INTO aggregate_versions (consumer_group, aggregate_type, aggregate_id, version) VALUES ")
                .Rows(verdict.Versions, entry => [group, entry.Key.Type, entry.Key.Id, entry.Value])
                .Sql(" ON DUPLICATE KEY UPDATE version = VALUES(version)");
        }

        var parked = verdict.Parking.Where(entry => entry.Value is not null).ToList();
        if (parked.Count > 0)
        {
            sql.Sql("; INSERT INTO parked_aggregates (consumer_group, aggregate_type, aggregate_id, first_version, last_version, reason, parked_at) VALUES ")
                .Rows(parked, entry => [group, entry.Key.Type, entry.Key.Id, entry.Value!.Value.FirstVersion, entry.Value.Value.LastVersion, Cut(entry.Value.Value.Reason), now])
                .Sql(" ON DUPLICATE KEY UPDATE first_version = VALUES(first_version), last_version = VALUES(last_version), reason = VALUES(reason)");
        }

        var free = verdict.Parking.Where(entry => entry.Value is null).Select(entry => entry.Key).ToList();
        if (free.Count > 0)
        {
            sql.Sql("; DELETE FROM parked_aggregates WHERE ");
            Where(sql, free);
        }

        await sql.ExecuteAsync(transaction, cancellationToken);
    }

    private static string Cut(string reason) => reason.Length <= ReasonLength ? reason : reason[..ReasonLength];

    private static async Task<Dictionary<TopicPartition, long>> OffsetsAsync(MySqlDataReader reader, CancellationToken cancellationToken)
    {
        Dictionary<TopicPartition, long> offsets = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            offsets.Add(new(reader.GetString(0), reader.GetInt32(1)), reader.GetInt64(2));
        }

        return offsets;
    }

    private void Where(SqlBuilder sql, IReadOnlyCollection<TopicPartition> partitions) =>
        sql.Sql("consumer_group = ").Value(group).Sql(" AND (topic, partition_id) IN (")
            .Rows(partitions, partition => [partition.Topic, partition.Partition.Value]).Sql(")");

    private void Where(SqlBuilder sql, IReadOnlyCollection<AggregateKey> aggregates) =>
        sql.Sql("consumer_group = ").Value(group).Sql(" AND (aggregate_type, aggregate_id) IN (")
            .Rows(aggregates, aggregate => [aggregate.Type, aggregate.Id]).Sql(")");
}
