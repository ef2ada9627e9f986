namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>The folder everything is kept in, held by a lock for as long as the broker runs.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Root = path;
        _lock = @lock;
    }

    public string Root { get; }

    public string Topics => Path.Combine(Root, "topics");

    public string Offsets => Path.Combine(Root, "group-offsets");

    public string ProducerIds => Path.Combine(Root, "producer-ids");

    /// <exception cref="IOException">Another broker has it, or it cannot be written to.</exception>
    public static DataDirectory Open(string path)
    {
        Directory.CreateDirectory(path);
        try
        {
            // On Unix the runtime takes an advisory lock, which the system releases even when the process is killed.
            return new(path, new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new IOException($"The data folder {path} is in use by another broker.", e);
        }
    }

    /// <summary>The id of this cluster, made when the folder was new.</summary>
    public string ReadOrCreateClusterId()
    {
        var path = Path.Combine(Root, "cluster-id");
        if (!File.Exists(path))
        {
            // 22 characters of URL-safe Base64, like Apache's.
            var id = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            File.WriteAllText(path + ".new", id);
            File.Move(path + ".new", path);
        }

        return File.ReadAllText(path);
    }

    public void Dispose() => _lock.Dispose();
}
