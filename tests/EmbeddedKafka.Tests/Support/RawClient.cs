using System.Net;
using System.Net.Sockets;
using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>Sends requests no client library would send.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private int _correlationId;

    private RawClient()
    {
    }

    public static async Task<RawClient> ConnectAsync(string bootstrapServers)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(IPEndPoint.Parse(bootstrapServers), TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        for (; bytes.Length > 0;)
            bytes = bytes[await _socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
    }

    /// <summary>Sends a request with a header of version 1, and gives the response's body; null when the broker closed the connection instead.</summary>
    public async Task<ReadOnlyMemory<byte>?> CallAsync(short apiKey, short version, Action<KafkaWriter> writeBody)
    {
        using var writer = new KafkaWriter();
        writer.WriteInt16(apiKey);
        writer.WriteInt16(version);
        writer.WriteInt32(++_correlationId);
        writer.WriteString("raw");
        writeBody(writer);
        await Frames.SendAsync(_socket, writer.Written, TestContext.Current.CancellationToken);
        var frame = await ReceiveAsync();
        if (frame is null)
            return null;

        Assert.Equal(_correlationId, new KafkaReader(frame, flexible: false).ReadInt32());
        return frame.AsMemory(4);
    }

    /// <summary>True when the broker closes the connection, which it must within a minute.</summary>
    public async Task<bool> IsClosedByBrokerAsync() => await ReceiveAsync() is null;

    public void Dispose() => _socket.Dispose();

    private async Task<byte[]?> ReceiveAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(70));
        try
        {
            return await Frames.ReceiveAsync(_socket, deadline.Token);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return null;
        }
    }
}
