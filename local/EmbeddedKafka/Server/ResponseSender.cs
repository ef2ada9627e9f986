using System.Buffers;
using System.Net.Sockets;
using EventDriven.EmbeddedKafka.Storage;

namespace EventDriven.EmbeddedKafka.Server;

/// <summary>
/// Sends a response that is partly in memory and partly in log files: all goes through one pooled buffer, sent whenever it is full,
/// so that a small fetch is one system call and a large one a few.
/// </summary>
internal sealed class ResponseSender(Socket socket, long responseLength) : IDisposable
{
    private const int LargestBuffer = 512 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(responseLength, LargestBuffer));
    private int _filled;

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0)
        {
            await MakeRoomAsync(ct);
            var count = Math.Min(bytes.Length, _buffer.Length - _filled);
            bytes[..count].CopyTo(_buffer.AsMemory(_filled));
            _filled += count;
            bytes = bytes[count..];
        }
    }

    public async ValueTask AppendAsync(LogSlice slice, CancellationToken ct)
    {
        for (var offset = 0; offset < slice.Length;)
        {
            await MakeRoomAsync(ct);
            var count = slice.Read(offset, _buffer.AsSpan(_filled));
            _filled += count;
            offset += count;
        }
    }

    public async ValueTask FlushAsync(CancellationToken ct)
    {
        for (var sent = 0; sent < _filled;)
            sent += await socket.SendAsync(_buffer.AsMemory(sent, _filled - sent), SocketFlags.None, ct);

        _filled = 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private ValueTask MakeRoomAsync(CancellationToken ct) => _filled == _buffer.Length ? FlushAsync(ct) : ValueTask.CompletedTask;
}
