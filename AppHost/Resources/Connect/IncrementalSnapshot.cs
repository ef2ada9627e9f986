using System.Text.Json;
using Confluent.Kafka;
using EventDriven.Contracts;

namespace EventDriven.AppHost;

/// <summary>
/// Asks the CDC connector for a snapshot of its tables beside the live stream, over the Kafka signal channel:
/// https://debezium.io/documentation/reference/stable/configuration/signalling.html.
/// </summary>
internal static class IncrementalSnapshot
{
    /// <summary>Sends the request; the connector begins within seconds.</summary>
    /// <param name="bootstrapServers">The brokers.</param>
    /// <param name="tables">The tables, as <c>database.table</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The broker does not take the record.</exception>
    public static async Task RequestAsync(string bootstrapServers, IEnumerable<string> tables, CancellationToken cancellationToken)
    {
        var signal = new
        {
            type = "execute-snapshot",
            data = new Dictionary<string, object>(StringComparer.Ordinal) { ["type"] = "INCREMENTAL", ["data-collections"] = tables },
        };
        using var producer = new ProducerBuilder<string, string>(
            new ProducerConfig { BootstrapServers = bootstrapServers, ClientId = "apphost", MessageTimeoutMs = 10_000 }).SetLogHandler((_, _) => { }).Build();

        // The connector obeys signals whose key is its topic prefix.
        await producer.ProduceAsync(
            ConnectTopics.Signals.Name,
            new Message<string, string> { Key = ConnectTopics.ChangePrefix, Value = JsonSerializer.Serialize(signal) },
            cancellationToken);
    }
}
