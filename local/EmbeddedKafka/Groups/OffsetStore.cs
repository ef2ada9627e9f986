using EventDriven.EmbeddedKafka.Protocol;
using Microsoft.Win32.SafeHandles;

namespace EventDriven.EmbeddedKafka.Groups;

/// <summary>
/// The committed offsets of all groups: in memory, and in a journal of one entry per commit or deletion. The journal is written anew
/// when most of it is out of date. A torn entry at its end was never acknowledged and is cut.
/// </summary>
internal sealed class OffsetStore : IDisposable
{
    private const int EntryHeaderLength = 8; // length, checksum
    private const int RewriteAfterBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly Dictionary<string, Dictionary<(string Topic, int Partition), CommittedOffset>> _groups = new(StringComparer.Ordinal);
    private SafeFileHandle _file;
    private long _length;
    private long _rewriteAt = RewriteAfterBytes;

    private OffsetStore(string path)
    {
        _path = path;
        _file = OpenFile(path);
    }

    private enum EntryKind : sbyte
    {
        Commit = 0,
        Delete = 1,
    }

    /// <summary>Reads the journal back.</summary>
    public static OffsetStore Open(string path)
    {
        var store = new OffsetStore(path);
        store.Load();
        return store;
    }

    public IReadOnlyList<string> Groups
    {
        get
        {
            lock (_gate)
                return [.. _groups.Keys];
        }
    }

    public bool HasGroup(string group)
    {
        lock (_gate)
            return _groups.ContainsKey(group);
    }

    public CommittedOffset? Find(string group, string topic, int partition)
    {
        lock (_gate)
            return _groups.GetValueOrDefault(group)?.GetValueOrDefault((topic, partition));
    }

    /// <summary>Everything the group has committed.</summary>
    public IReadOnlyList<(string Topic, int Partition, CommittedOffset Offset)> All(string group)
    {
        lock (_gate)
            return _groups.TryGetValue(group, out var offsets) ? [.. offsets.Select(o => (o.Key.Topic, o.Key.Partition, o.Value))] : [];
    }

    /// <summary>Stores all or, when it throws, none.</summary>
    /// <exception cref="IOException">The disk is full, or worse.</exception>
    public void Commit(string group, IReadOnlyList<(string Topic, int Partition, CommittedOffset Offset)> offsets)
    {
        lock (_gate)
        {
            using var writer = new KafkaWriter();
            foreach (var (topic, partition, offset) in offsets)
                WriteEntry(writer, EntryKind.Commit, group, topic, partition, offset);

            Append(writer);
            foreach (var (topic, partition, offset) in offsets)
                OffsetsOf(group)[(topic, partition)] = offset;
        }
    }

    /// <summary>Forgets what the group committed for these partitions.</summary>
    /// <exception cref="IOException">The disk is full, or worse.</exception>
    public void Delete(string group, IReadOnlyCollection<(string Topic, int Partition)> partitions)
    {
        lock (_gate)
        {
            using var writer = new KafkaWriter();
            foreach (var (topic, partition) in partitions)
                WriteEntry(writer, EntryKind.Delete, group, topic, partition, null);

            Append(writer);
            foreach (var (topic, partition) in partitions)
                RemoveFromMemory(group, topic, partition);
        }
    }

    public void Dispose() => _file.Dispose();

    private static SafeFileHandle OpenFile(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private static void WriteEntry(KafkaWriter writer, EntryKind kind, string group, string topic, int partition, CommittedOffset? offset)
    {
        var start = writer.Written.Length;
        writer.WriteInt64(0); // header, below
        writer.WriteInt8((sbyte)kind);
        writer.WriteString(group);
        writer.WriteString(topic);
        writer.WriteInt32(partition);
        if (offset is not null)
        {
            writer.WriteInt64(offset.Offset);
            writer.WriteInt32(offset.LeaderEpoch);
            writer.WriteString(offset.Metadata);
            writer.WriteInt64(offset.CommittedAt);
        }

        var body = writer.Written.Span[(start + EntryHeaderLength)..];
        writer.PatchInt32(start, body.Length);
        writer.PatchInt32(start + 4, unchecked((int)RecordBatch.Crc32C(body)));
    }

    private void Load()
    {
        var bytes = File.ReadAllBytes(_path);
        while (_length + EntryHeaderLength <= bytes.Length)
        {
            var header = new KafkaReader(bytes.AsMemory((int)_length, EntryHeaderLength), flexible: false);
            var (length, checksum) = (header.ReadInt32(), unchecked((uint)header.ReadInt32()));
            var start = (int)_length + EntryHeaderLength;
            if (length < 0 || length > bytes.Length - start || RecordBatch.Crc32C(bytes.AsSpan(start, length)) != checksum)
                break;

            Apply(new KafkaReader(bytes.AsMemory(start, length), flexible: false));
            _length = start + length;
        }

        if (_length < bytes.Length)
            RandomAccess.SetLength(_file, _length);

        RewriteIfMostlyStale();
    }

    private void Apply(KafkaReader reader)
    {
        var kind = (EntryKind)reader.ReadInt8();
        var (group, topic, partition) = (reader.ReadString(), reader.ReadString(), reader.ReadInt32());
        if (kind == EntryKind.Commit)
            OffsetsOf(group)[(topic, partition)] = new(reader.ReadInt64(), reader.ReadInt32(), reader.ReadString(), reader.ReadInt64());
        else
            RemoveFromMemory(group, topic, partition);
    }

    private Dictionary<(string Topic, int Partition), CommittedOffset> OffsetsOf(string group)
    {
        if (!_groups.TryGetValue(group, out var offsets))
            _groups[group] = offsets = [];

        return offsets;
    }

    private void RemoveFromMemory(string group, string topic, int partition)
    {
        if (_groups.TryGetValue(group, out var offsets) && offsets.Remove((topic, partition)) && offsets.Count == 0)
            _groups.Remove(group);
    }

    private void Append(KafkaWriter writer)
    {
        try
        {
            RandomAccess.Write(_file, writer.Written.Span, _length);
            _length += writer.Written.Length;
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_file, _length);
            throw;
        }

        RewriteIfMostlyStale();
    }

    // Amortised: after a rewrite the journal may grow to twice what is live before the next.
    private void RewriteIfMostlyStale()
    {
        if (_length < _rewriteAt)
            return;

        using var writer = new KafkaWriter();
        foreach (var (group, offsets) in _groups)
        {
            foreach (var ((topic, partition), offset) in offsets)
                WriteEntry(writer, EntryKind.Commit, group, topic, partition, offset);
        }

        try
        {
            File.WriteAllBytes(_path + ".new", writer.Written.Span);
            File.Move(_path + ".new", _path, overwrite: true);
        }
        catch (IOException)
        {
            _rewriteAt = _length * 2; // no room for a second one: go on with the journal there is
            return;
        }

        _file.Dispose();
        _file = OpenFile(_path);
        _length = writer.Written.Length;
        _rewriteAt = Math.Max(RewriteAfterBytes, _length * 2);
    }
}
