using System.Text;
using EventDriven.AppHost;
using EventDriven.Contracts;
using MySqlConnector;

namespace EventDriven.Connect.Tests;

public sealed class OutboxConnectorTests(RealSystem system)
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_arrives_as_the_contract_says()
    {
        await system.RegisterAsync(OutboxConnector.Name, OutboxConnector.Configuration(), CancellationToken);
        var from = Records.Ends(system.Kafka.BootstrapServers, Topics.Orders.Name);
        await using var connection = new MySqlConnection(system.ConnectionString(DatabaseUsers.OrderApi, "ecommerce"));
        await connection.OpenAsync(CancellationToken);
        await using var insert = new MySqlCommand(
            """
            INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at, source)
            VALUES ('0198c7a0-0000-7000-8000-000000000001', 'order', '0198c7a0-0000-7000-8000-0000000000aa', 3, 'OrderShipped', '{"a":1.50, "b":"é😀"}', '2026-01-02 03:04:05.678901', 'order-api')
            """,
            connection);
        await insert.ExecuteNonQueryAsync(CancellationToken);

        var record = Assert.Single(await Records.ReadAsync(system.Kafka.BootstrapServers, from, records => records.Count > 0, CancellationToken));
        Assert.Equal("0198c7a0-0000-7000-8000-0000000000aa", Encoding.UTF8.GetString(record.Message.Key));
        Assert.Equal("""{"a":1.50, "b":"é😀"}""", Encoding.UTF8.GetString(record.Message.Value));
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc), record.Message.Timestamp.UtcDateTime);
        Assert.Equal(EventHeaders.InOrder, record.Message.Headers.Select(header => header.Key));
        Assert.Null(record.Message.Headers.Single(header => header.Key == EventHeaders.TraceParent).GetValueBytes());
    }
}
