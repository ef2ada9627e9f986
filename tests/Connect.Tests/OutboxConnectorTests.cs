using System.Globalization;
using System.Text;
using Confluent.Kafka;
using EventDriven.AppHost;
using EventDriven.Contracts;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.Connect.Tests;

public sealed class OutboxConnectorTests(RealSystem system)
{
    private const int Commands = 5000;

    private const string Columns =
        "sequence, id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at, correlation_id, causation_id, source, traceparent, tracestate";

    private static readonly IReadOnlyList<string> EventTopics = [.. Topics.Events.Select(topic => topic.Name)];

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_thousand_mixed_commands_are_the_same_bytes_through_the_relay_and_through_Debezium()
    {
        await system.MigrateAsync("relayed_", CancellationToken);
        await system.MigrateAsync("routed_", CancellationToken);
        await SendCommandsAsync("relayed_");
        await InsertAsync("relayed_", 1, 20);
        var rows = await CountAsync("relayed_");
        await CopyAsync(0, rows / 2);

        var routed = await ThroughDebeziumAsync(rows);
        var relayed = await ThroughRelayAsync(rows);

        Assert.Equal(rows, relayed.Sum(aggregate => aggregate.Value.Count));
        Assert.Equal(relayed.Keys.Order(StringComparer.Ordinal), routed.Keys.Order(StringComparer.Ordinal));
        Assert.All(relayed, aggregate => Assert.Equal(aggregate.Value, routed[aggregate.Key]));

        // The run held what it is about: every kind of event, headers without a value, and text beyond the basic plane.
        var all = string.Concat(relayed.SelectMany(aggregate => aggregate.Value));
        Assert.All(
            ["OrderCreated", "OrderItemAdded", "OrderItemRemoved", "PaymentReceived", "OrderShipped", "OrderDelivered", "OrderCancelled", "CustomerUpdated", "ProductUpdated", "StockAdjusted", "😀", "tracestate=null"],
            part => Assert.Contains(part, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_janitor_removes_what_Debezium_published_and_nothing_else_also_after_it_was_killed()
    {
        await system.MigrateAsync("kept_", CancellationToken, publisher: "Debezium");
        var from = Records.Ends(system.Kafka.BootstrapServers, EventTopics);
        await InsertAsync("kept_", 1, 300);
        await using (await OutboxRelayAsync("kept_", "Debezium"))
        {
            // Nothing is published yet, so nothing may go.
            await InsertAsync("kept_", 301, 600);
            Assert.Equal(600, await CountAsync("kept_"));

            await RegisterAsync("kept_ecommerce");
            await Eventually.TrueAsync(async _ => await CountAsync("kept_") < 600, CancellationToken, TimeSpan.FromSeconds(60));
        }

        await InsertAsync("kept_", 601, 900);
        await using (await OutboxRelayAsync("kept_", "Debezium"))
        {
            await Eventually.TrueAsync(async _ => await CountAsync("kept_") == 0, CancellationToken, TimeSpan.FromSeconds(60));
        }

        var published = await Records.ReadAsync(system.Kafka.BootstrapServers, from, records => records.Count >= 900, CancellationToken);
        Assert.Equal(900, published.Select(record => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(EventHeaders.Id))).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(900, published.Count);
        await RemoveAsync();
    }

    [Fact]
    public async Task A_relay_refuses_to_publish_an_outbox_that_was_given_to_Debezium_and_says_why()
    {
        await system.MigrateAsync("given_", CancellationToken, publisher: "Debezium");
        await InsertAsync("given_", 1, 1);
        await using var relay = await OutboxRelayAsync("given_", "Relay");
        Assert.Equal(2, await relay.WaitForExitAsync(CancellationToken));
        Assert.Contains("This relay refuses to publish: the outbox is published by Debezium", relay.Output, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync("given_"));
    }

    private async Task<Dictionary<string, List<string>>> ThroughRelayAsync(int rows)
    {
        var from = Records.Ends(system.Kafka.BootstrapServers, EventTopics);
        await using var relay = await OutboxRelayAsync("relayed_", "Relay");
        return ByAggregate(await Records.ReadAsync(system.Kafka.BootstrapServers, from, records => records.Count >= rows, CancellationToken));
    }

    private async Task<Dictionary<string, List<string>>> ThroughDebeziumAsync(int rows)
    {
        // One half of the rows stands in the outbox when the connector starts, the other comes while it runs.
        var from = Records.Ends(system.Kafka.BootstrapServers, EventTopics);
        var half = await CountAsync("routed_");
        await RegisterAsync("routed_ecommerce");
        await Records.ReadAsync(system.Kafka.BootstrapServers, from, records => records.Count >= half, CancellationToken);
        await CopyAsync(half, rows);
        var records = await Records.ReadAsync(system.Kafka.BootstrapServers, from, found => found.Count >= rows, CancellationToken);
        await RemoveAsync();
        return ByAggregate(records);
    }

    // Everything of a record but its offset and place among other aggregates, in the order of each aggregate.
    private static Dictionary<string, List<string>> ByAggregate(IEnumerable<ConsumeResult<byte[], byte[]>> records) => records
        .GroupBy(record => Encoding.UTF8.GetString(record.Message.Key), StringComparer.Ordinal)
        .ToDictionary(
            aggregate => aggregate.Key,
            aggregate => aggregate.OrderBy(record => record.Offset.Value).Select(Text).ToList(),
            StringComparer.Ordinal);

    private static string Text(ConsumeResult<byte[], byte[]> record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{record.Topic}/{record.Partition.Value} {record.Message.Timestamp.Type} {record.Message.Timestamp.UnixTimestampMs} {string.Join(' ', record.Message.Headers.Select(Text))} {Encoding.UTF8.GetString(record.Message.Value)}");

    private static string Text(IHeader header) => $"{header.Key}={(header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : "null")}";

    private async Task SendCommandsAsync(string prefix)
    {
        var port = TestPorts.Free();
        var settings = new[] { "ecommerce", "readmodel", "analytics" }.ToDictionary(
            database => $"ConnectionStrings__{database}", database => (string?)system.ConnectionString(DatabaseUsers.OrderApi, prefix + database), StringComparer.Ordinal);
        settings["Limits__RequestsPerSecond"] = "0";
        await using var api = await Service.StartAsync("OrderApi", port, settings, CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
        await Eventually.TrueAsync(
            async cancellation => api.HasExited ? throw new InvalidOperationException(api.Output) : (await http.GetAsync("health", cancellation)).IsSuccessStatusCode,
            CancellationToken,
            TimeSpan.FromSeconds(60));
        await new ShopTraffic(http, seed: 20260101).RunAsync(Commands, CancellationToken);
    }

    private async Task<TestProcess> OutboxRelayAsync(string prefix, string publisher) => await Service.StartAsync(
        "OutboxRelay",
        TestPorts.Free(),
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__ecommerce"] = system.ConnectionString(DatabaseUsers.OutboxRelay, $"{prefix}ecommerce"),
            ["ConnectionStrings__kafka"] = system.Kafka.BootstrapServers,
            ["Outbox__Publisher"] = publisher,
        },
        CancellationToken);

    private Task RegisterAsync(string database) => system.RegisterAsync(OutboxConnector.Name, OutboxConnector.Configuration(database), CancellationToken);

    private Task<bool> RemoveAsync() => ConnectorRegistrar.RemoveAsync(system.Worker, OutboxConnector.Name, CancellationToken);

    private Task CopyAsync(long after, long to) => ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        INSERT INTO routed_ecommerce.outbox_events ({Columns})
        SELECT {Columns} FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY sequence) AS place FROM relayed_ecommerce.outbox_events) AS placed
        WHERE place > {after} AND place <= {to} ORDER BY sequence
        """));

    private Task InsertAsync(string prefix, int first, int last) => ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        INSERT INTO {prefix}ecommerce.outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at)
        SELECT UUID(), 'order', CONCAT(LEFT(UUID(), 34), '00'), 1, 'OrderCreated', '{"{"}"a": 1.50, "b" : "é😀"{"}"}', UTC_TIMESTAMP(6) FROM seq_{first}_to_{last}
        """));

    private async Task<int> CountAsync(string prefix)
    {
        await using var connection = new MySqlConnection(system.AdminConnectionString($"{prefix}ecommerce"));
        await connection.OpenAsync(CancellationToken);
        await using var command = new MySqlCommand("SELECT COUNT(*) FROM outbox_events", connection);
        return Convert.ToInt32(await command.ExecuteScalarAsync(CancellationToken), CultureInfo.InvariantCulture);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(system.AdminConnectionString("ecommerce"));
        await connection.OpenAsync(CancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken);
    }
}
