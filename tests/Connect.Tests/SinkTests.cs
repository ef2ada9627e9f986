using System.Globalization;
using System.Text;
using Confluent.Kafka;
using EventDriven.AppHost;
using EventDriven.Contracts;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.Connect.Tests;

public sealed class SinkTests(RealSystem system)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 29, 1, 58, 0, TimeSpan.Zero);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replayed_and_duplicated_records_leave_the_same_table_and_a_poison_record_goes_aside()
    {
        await system.RegisterAsync(OrdersPerMinuteSink.Name, OrdersPerMinuteSink.Configuration(), CancellationToken);
        var deadLetters = Records.Ends(system.Kafka.BootstrapServers, ConnectTopics.OrdersPerMinuteSinkDeadLetters.Name);

        // 200 windows, over the hour at which Europe changes its clocks, in three versions each.
        var records = Enumerable.Range(0, 200).SelectMany(minute => Enumerable.Range(1, 3).Select(version => Window(minute, version))).ToList();
        await ProduceAsync(records);
        var expected = Enumerable.Range(0, 200).Select(minute => Row(minute, version: 3)).ToList();
        await TableIsAsync(expected);

        // All of it again, then one record that is no window, a version that came late, and a new window behind them.
        await ProduceAsync([.. records, ("2026-03-29T01:58:00Z", "{\"windowStart\":"), Window(7, version: 2), Window(200, version: 1)]);
        await TableIsAsync([.. expected, Row(200, version: 1)]);

        var dead = Assert.Single(await Records.ReadAsync(system.Kafka.BootstrapServers, deadLetters, found => found.Count > 0, CancellationToken));
        Assert.Equal("{\"windowStart\":", Encoding.UTF8.GetString(dead.Message.Value));
        Assert.Equal(Topics.OrdersPerMinute.Name, Header(dead, "__connect.errors.topic"));
        Assert.Equal(OrdersPerMinuteSink.Name, Header(dead, "__connect.errors.connector.name"));
        Assert.Contains("Converting byte[] to Kafka Connect data failed", Header(dead, "__connect.errors.exception.message"), StringComparison.Ordinal);
        Assert.Equal("VALUE_CONVERTER", Header(dead, "__connect.errors.stage"));
        await system.RunsAsync(OrdersPerMinuteSink.Name, CancellationToken);
    }

    [Fact]
    public async Task It_goes_on_by_itself_after_MariaDB_was_killed()
    {
        await system.RegisterAsync(OrdersPerMinuteSink.Name, OrdersPerMinuteSink.Configuration(), CancellationToken);
        await system.MariaDb.KillAsync(CancellationToken);
        await ProduceAsync([Window(1000, version: 9)]);
        await system.MariaDb.RestartAsync(CancellationToken);
        await Eventually.TrueAsync(
            async cancellation => (await TableAsync(cancellation)).Contains(Row(1000, version: 9), StringComparer.Ordinal), CancellationToken, TimeSpan.FromSeconds(60));
        await system.RunsAsync(OrdersPerMinuteSink.Name, CancellationToken);
        await using var connection = await OpenAsync(CancellationToken);
        await using var command = new MySqlCommand($"DELETE FROM {OrdersPerMinuteSink.Table}", connection);
        await command.ExecuteNonQueryAsync(CancellationToken);
    }

    // Amounts that a double would not keep.
    private static decimal Revenue(int minute, int version) => 90071992547409.07m + minute + (version / 100m);

    private static (string Key, string Value) Window(int minute, int version)
    {
        var start = Start.AddMinutes(minute);
        var window = new OrdersPerMinute(start, minute + version, Revenue(minute, version), 0.10m, version);
        return (
            start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            System.Text.Json.JsonSerializer.Serialize(window, AnalyticsJsonContext.Default.OrdersPerMinute));
    }

    private static string Row(int minute, int version) => string.Create(
        CultureInfo.InvariantCulture, $"{Start.AddMinutes(minute):yyyy-MM-dd HH:mm:ss}.000000 {minute + version} {Revenue(minute, version)} 0.10 {version}");

    private static string Header(ConsumeResult<byte[], byte[]> record, string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));

    private async Task TableIsAsync(IReadOnlyList<string> expected)
    {
        try
        {
            await Eventually.TrueAsync(async cancellation => expected.SequenceEqual(await TableAsync(cancellation), StringComparer.Ordinal), CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Equal(expected, await TableAsync(CancellationToken));
        }
    }

    private async Task<IReadOnlyList<string>> TableAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(
            $"SELECT CONCAT_WS(' ', window_start, order_count, revenue, average, version) FROM {OrdersPerMinuteSink.Table} ORDER BY window_start", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(system.AdminConnectionString("analytics") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private async Task ProduceAsync(IEnumerable<(string Key, string Value)> records)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = system.Kafka.BootstrapServers,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
        }).Build();
        await Task.WhenAll(records.Select(record =>
            producer.ProduceAsync(Topics.OrdersPerMinute.Name, new Message<string, string> { Key = record.Key, Value = record.Value }, CancellationToken)));
    }
}
