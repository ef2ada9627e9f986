using System.Buffers;
using EventDriven.EmbeddedKafka.Protocol;
using Microsoft.Win32.SafeHandles;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// Walks the batches of a segment file. Reads in chunks, because a log of many one-message batches would otherwise cost a system call for each.
/// Stops where the file ends or the bytes are no complete batch.
/// </summary>
internal sealed class BatchScanner(SafeFileHandle file, int position, long fileLength) : IDisposable
{
    private const int ChunkLength = 64 * 1024;

    private byte[] _chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
    private long _chunkStart;
    private int _chunkFilled;
    private int _next = position;

    /// <summary>Position of <see cref="Current"/> in the file; after the last batch, where they ended.</summary>
    public int Position { get; private set; } = position;

    public RecordBatch Current { get; private set; }

    /// <summary>Goes to the next batch by its header alone.</summary>
    public bool MoveNext()
    {
        Position = _next;
        if (Position + RecordBatch.HeaderLength > fileLength)
            return false;

        Current = RecordBatch.Read(Load(Position, RecordBatch.HeaderLength));
        if (Current.MagicByte != RecordBatch.Magic || Current.Length < RecordBatch.HeaderLength || Position + (long)Current.Length > fileLength)
            return false;

        _next = Position + Current.Length;
        return true;
    }

    /// <summary>Reads the whole of <see cref="Current"/> and compares its checksum.</summary>
    public bool CurrentIsIntact() => RecordBatch.HasValidCrc(ReadCurrent());

    /// <summary>All bytes of <see cref="Current"/>, valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadCurrent() => Load(Position, Current.Length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_chunk);
        _chunk = [];
    }

    private ReadOnlySpan<byte> Load(long start, int length)
    {
        if (start < _chunkStart || start + length > _chunkStart + _chunkFilled)
        {
            if (length > _chunk.Length)
            {
                ArrayPool<byte>.Shared.Return(_chunk);
                _chunk = ArrayPool<byte>.Shared.Rent(length);
            }

            _chunkStart = start;
            _chunkFilled = 0;
            var wanted = (int)Math.Min(_chunk.Length, fileLength - start);
            while (_chunkFilled < wanted)
            {
                var read = RandomAccess.Read(file, _chunk.AsSpan(_chunkFilled, wanted - _chunkFilled), start + _chunkFilled);
                if (read == 0)
                    throw new EndOfStreamException("A segment file is shorter than it was.");

                _chunkFilled += read;
            }
        }

        return _chunk.AsSpan((int)(start - _chunkStart), length);
    }
}
