using System.Globalization;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// Hands out producer ids, each once, also after a kill: they are reserved on disk in blocks, and what is left of a block is skipped.
/// </summary>
internal sealed class ProducerIds(string path)
{
    private const int BlockLength = 1000;

    private readonly Lock _gate = new();
    private long _next = -1;
    private long _reservedUntil = -1;

    /// <exception cref="IOException">The disk is full, or worse.</exception>
    public long Next()
    {
        lock (_gate)
        {
            if (_next == _reservedUntil)
            {
                var from = File.Exists(path) ? long.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture) : 0;
                File.WriteAllText(path + ".new", (from + BlockLength).ToString(CultureInfo.InvariantCulture));
                File.Move(path + ".new", path, overwrite: true);
                (_next, _reservedUntil) = (from, from + BlockLength);
            }

            return _next++;
        }
    }
}
