using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EventDriven.EmbeddedKafka.Protocol;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka.Server;

/// <summary>
/// One client connection. Requests are answered one after the other, in the order they came, as the protocol asks for; a fetch that waits
/// holds up only its own connection.
/// </summary>
internal sealed class Connection(Socket socket, ApiTable apis, ILogger logger) : IDisposable
{
    /// <summary>Largest request, in bytes, as in Apache Kafka (<c>socket.request.max.bytes</c>).</summary>
    public const int MaxRequestLength = 100 * 1024 * 1024;

    /// <summary>Largest request that carries no records.</summary>
    public const int MaxControlRequestLength = 8 * 1024 * 1024;

    private const int SizeLength = 4;

    // A size is only a claim: the buffer grows with what has come in, so that a lie costs no more than this.
    private const int InitialBufferLength = 64 * 1024;

    private readonly KafkaWriter _writer = new();
    private readonly byte[] _prefix = new byte[SizeLength + RequestHeader.FixedLength];
    private readonly string _peer = socket.RemoteEndPoint?.ToString() ?? "";

    /// <summary>Serves until the client goes, sends what is no request, or the broker stops.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        socket.NoDelay = true;
        try
        {
            while (await ReceiveAsync(_prefix, ct))
                await AnswerNextAsync(ct);

            Log.ConnectionEnded(logger, _peer, "closed by the client");
        }
        catch (OperationCanceledException)
        {
            Log.ConnectionEnded(logger, _peer, "the broker stops");
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException or ObjectDisposedException)
        {
            Log.ConnectionEnded(logger, _peer, e.Message);
        }
        catch (ProtocolException e)
        {
            Log.BadRequest(logger, _peer, e.Message);
        }
#pragma warning disable CA1031 // The last line of defence: whatever goes wrong here must not take the other connections along.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.ConnectionFailed(logger, e, _peer);
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        socket.Dispose();
    }

    private async Task AnswerNextAsync(CancellationToken ct)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(_prefix);
        var key = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(_prefix.AsSpan(SizeLength));
        var version = BinaryPrimitives.ReadInt16BigEndian(_prefix.AsSpan(SizeLength + 2));

        // All of this is known from the first bytes, so junk never gets as far as a buffer.
        var api = apis.Find(key) ?? throw new ProtocolException($"There is no API {(short)key} here.");
        var isSupported = api.Supports(version);
        if (!isSupported && key != ApiKey.ApiVersions)
            throw new ProtocolException($"{key} is answered in versions {api.MinVersion} to {api.MaxVersion}, not {version}.");

        var longest = key == ApiKey.Produce ? MaxRequestLength : MaxControlRequestLength;
        if (length < RequestHeader.FixedLength || length > longest)
            throw new ProtocolException($"{key} of {length} bytes: the limit is {longest}.");

        var buffer = await ReceiveBodyAsync(length, ct);
        try
        {
            var header = RequestHeader.Read(buffer.AsMemory(0, length), isSupported && api.IsFlexible(version), out var body);
            IResponse? response;
            if (isSupported)
            {
                var context = new RequestContext(header.ClientId ?? "", PeerHost(), version);
                response = await api.Answer(body, context, ct);
            }
            else
            {
                // A client that begins with a version from the future learns what there is instead (KIP-35): version 0 is the common ground.
                response = apis.Versions(ErrorCode.UnsupportedVersion);
                version = 0;
            }

            if (response is not null)
                await SendAsync(response, api, version, header.CorrelationId, ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The request without its size, in a pooled buffer that the caller returns.</summary>
    private async Task<byte[]> ReceiveBodyAsync(int length, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(length, InitialBufferLength));
        try
        {
            _prefix.AsSpan(SizeLength).CopyTo(buffer);
            for (var filled = RequestHeader.FixedLength; filled < length;)
            {
                if (filled == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(Math.Min(length, buffer.Length * 2));
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var wanted = buffer.AsMemory(filled, Math.Min(length, buffer.Length) - filled);
                var received = await socket.ReceiveAsync(wanted, SocketFlags.None, ct);
                if (received == 0)
                    throw new EndOfStreamException("closed in the middle of a request");

                filled += received;
            }

            return buffer;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private async Task SendAsync(IResponse response, Api api, short version, int correlationId, CancellationToken ct)
    {
        try
        {
            _writer.WriteInt32(0); // size, below
            _writer.WriteInt32(correlationId);
            _writer.Flexible = api.IsFlexible(version);
            if (api.Key != ApiKey.ApiVersions) // its header stays old, because it is sent before the client knows what we know
                _writer.WriteTags();

            response.Write(_writer, version);
            var length = _writer.Written.Length + _writer.Slices.Sum(s => (long)s.Slice.Length);
            _writer.PatchInt32(0, checked((int)(length - SizeLength)));

            using var sender = new ResponseSender(socket, length);
            var appended = 0;
            foreach (var (position, slice) in _writer.Slices)
            {
                await sender.AppendAsync(_writer.Written[appended..position], ct);
                await sender.AppendAsync(slice, ct);
                appended = position;
            }

            await sender.AppendAsync(_writer.Written[appended..], ct);
            await sender.FlushAsync(ct);
        }
        finally
        {
            _writer.Reset();
        }
    }

    /// <returns>False when the client has closed the connection between two requests.</returns>
    private async Task<bool> ReceiveAsync(Memory<byte> buffer, CancellationToken ct)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            var received = await socket.ReceiveAsync(buffer[filled..], SocketFlags.None, ct);
            if (received == 0)
                return filled == 0 ? false : throw new EndOfStreamException("closed in the middle of a request");

            filled += received;
        }

        return true;
    }

    private string PeerHost() => socket.RemoteEndPoint is IPEndPoint endpoint ? $"/{endpoint.Address}" : "";
}
