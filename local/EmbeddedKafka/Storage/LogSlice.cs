using Microsoft.Win32.SafeHandles;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// Part of a segment file that is about to be sent. It keeps the file open until disposed, so that retention may delete the
/// segment in the meantime.
/// </summary>
internal sealed class LogSlice : IDisposable
{
    private readonly SafeFileHandle _file;
    private bool _holds;

    /// <exception cref="ObjectDisposedException">The segment has been deleted just now.</exception>
    public LogSlice(SafeFileHandle file, int position, int length)
    {
        _file = file;
        Position = position;
        Length = length;
        file.DangerousAddRef(ref _holds);
    }

    public int Position { get; }

    public int Length { get; }

    /// <summary>Reads into <paramref name="buffer"/> from <paramref name="offset"/> bytes into the slice, filling it unless the slice ends before.</summary>
    public int Read(int offset, Span<byte> buffer)
    {
        var wanted = buffer[..Math.Min(buffer.Length, Length - offset)];
        var read = 0;
        while (read < wanted.Length)
        {
            var n = RandomAccess.Read(_file, wanted[read..], Position + offset + read);
            if (n == 0)
                throw new EndOfStreamException("A segment file is shorter than it was.");

            read += n;
        }

        return read;
    }

    public void Dispose()
    {
        if (_holds)
            _file.DangerousRelease();

        _holds = false;
    }
}
