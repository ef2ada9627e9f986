using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventDriven.AppHost;

/// <summary>
/// Healthy when the broker answers an ApiVersions request, the one every Kafka client begins with. Nothing is written: a check every few seconds that
/// leaves records in a topic would be a producer.
/// </summary>
internal sealed class KafkaHealthCheck(IResourceWithConnectionString broker) : IHealthCheck
{
    // Size, then API key 18, version 0, correlation id 0 and an empty client id: https://kafka.apache.org/protocol#The_Messages_ApiVersions
    private static readonly byte[] ApiVersionsRequest = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            var address = await broker.GetConnectionStringAsync(deadline.Token) ?? string.Empty;
            var first = address.Split(',')[0];
            var colon = first.LastIndexOf(':');
            using var client = new TcpClient();
            await client.ConnectAsync(first[..colon], int.Parse(first[(colon + 1)..], CultureInfo.InvariantCulture), deadline.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(ApiVersionsRequest, deadline.Token);

            // Size, correlation id, error code.
            var head = new byte[10];
            await stream.ReadExactlyAsync(head, deadline.Token);
            var error = BinaryPrimitives.ReadInt16BigEndian(head.AsSpan(8));
            return error == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"The broker answered with error {error}.");
        }
        catch (Exception exception) when (exception is SocketException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy($"The broker does not answer: {exception.Message}", exception);
        }
    }
}
