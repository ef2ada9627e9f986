using System.Buffers.Binary;
using System.Net.Sockets;

namespace EventDriven.EmbeddedKafka.Tests.Support;

/// <summary>Kafka's framing: four bytes of size, then the request or response.</summary>
public static class Frames
{
    /// <returns>Null when the other side has closed the connection.</returns>
    public static async Task<byte[]?> ReceiveAsync(Socket socket, CancellationToken ct)
    {
        var size = new byte[4];
        if (!await FillAsync(socket, size, ct))
            return null;

        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        return await FillAsync(socket, frame, ct) ? frame : null;
    }

    public static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> frame, CancellationToken ct)
    {
        var bytes = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes.AsMemory(4));
        for (ReadOnlyMemory<byte> rest = bytes; rest.Length > 0;)
            rest = rest[await socket.SendAsync(rest, ct)..];
    }

    private static async Task<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken ct)
    {
        while (buffer.Length > 0)
        {
            var received = await socket.ReceiveAsync(buffer, ct);
            if (received == 0)
                return false;

            buffer = buffer[received..];
        }

        return true;
    }
}
