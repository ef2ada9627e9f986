using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using EventDriven.EmbeddedKafka.Protocol;
using Microsoft.Extensions.Logging;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// All topics. Each is a folder with <c>topic.json</c> and a folder for each partition; it appears and disappears by one rename, so that a
/// kill leaves either the whole topic or none.
/// </summary>
internal sealed class TopicStore : IDisposable
{
    private const string DefinitionFile = "topic.json";
    private const string HiddenPrefix = "~"; // not allowed in a topic's name

    private readonly ConcurrentDictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly ILogger _logger;

    private TopicStore(string directory, ILogger logger)
    {
        _directory = directory;
        _logger = logger;
    }

    /// <summary>All topics there are now.</summary>
    public ICollection<Topic> All => _topics.Values;

    /// <exception cref="IOException">A folder or file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A topic's definition is damaged.</exception>
    public static TopicStore Open(string directory, ILogger logger)
    {
        Directory.CreateDirectory(directory);
        var store = new TopicStore(directory, logger);
        foreach (var leftover in Directory.EnumerateDirectories(directory, HiddenPrefix + "*").ToList())
            Directory.Delete(leftover, recursive: true);

        // Both cores scan: after a kill, the active segment of every partition has to be read.
        Parallel.ForEach(Directory.EnumerateDirectories(directory), topicDirectory =>
        {
            var name = Path.GetFileName(topicDirectory);
            store._topics[name] = store.OpenTopic(name, topicDirectory);
        });
        return store;
    }

    public Topic? Find(string name) => _topics.GetValueOrDefault(name);

    public PartitionLog? FindPartition(string topic, int partition) => Find(topic)?.Partition(partition);

    /// <returns>False when there is a topic of that name.</returns>
    /// <exception cref="IOException">The disk is full, or worse.</exception>
    public bool TryCreate(string name, int partitions, TopicConfig config)
    {
        lock (_gate)
        {
            if (_topics.ContainsKey(name))
                return false;

            var hidden = HiddenDirectory();
            for (var i = 0; i < partitions; i++)
                Directory.CreateDirectory(PartitionDirectory(hidden, i));

            WriteDefinition(hidden, partitions, config);
            var directory = Path.Combine(_directory, name);
            Directory.Move(hidden, directory);
            _topics[name] = OpenTopic(name, directory);
            return true;
        }
    }

    /// <returns>False when there is no such topic.</returns>
    public bool TryDelete(string name)
    {
        lock (_gate)
        {
            if (!_topics.TryRemove(name, out var topic))
                return false;

            foreach (var partition in topic.Partitions)
                partition.Close(save: false);

            var hidden = HiddenDirectory();
            Directory.Move(Path.Combine(_directory, name), hidden);
            Directory.Delete(hidden, recursive: true);
            return true;
        }
    }

    /// <summary>Adds partitions until there are <paramref name="count"/>.</summary>
    public void AddPartitions(Topic topic, int count)
    {
        lock (_gate)
        {
            var directory = Path.Combine(_directory, topic.Name);
            WriteDefinition(directory, count, topic.Config);
            topic.Partitions = [.. topic.Partitions, .. OpenPartitions(directory, topic.Partitions.Count, count)];
        }
    }

    public void ChangeConfig(Topic topic, TopicConfig config)
    {
        lock (_gate)
        {
            WriteDefinition(Path.Combine(_directory, topic.Name), topic.Partitions.Count, config);
            topic.Config = config;
        }
    }

    /// <summary>Deletes in every partition what its topic's retention no longer keeps.</summary>
    public void ApplyRetention(DateTimeOffset now)
    {
        foreach (var topic in All)
        {
            foreach (var partition in topic.Partitions)
            {
                try
                {
                    partition.ApplyRetention(topic.Config, now);
                }
                catch (IOException e)
                {
                    Log.RetentionFailed(_logger, e, topic.Name);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var partition in All.SelectMany(t => t.Partitions))
            partition.Dispose();
    }

    private static string PartitionDirectory(string topicDirectory, int partition) =>
        Path.Combine(topicDirectory, partition.ToString(CultureInfo.InvariantCulture));

    private string HiddenDirectory() => Path.Combine(_directory, HiddenPrefix + Guid.NewGuid().ToString("N"));

    private Topic OpenTopic(string name, string directory)
    {
        var path = Path.Combine(directory, DefinitionFile);
        var definition = JsonSerializer.Deserialize(File.ReadAllBytes(path), TopicDefinitionJson.Default.TopicDefinition)
            ?? throw new InvalidDataException($"{path} is empty.");
        var config = TopicConfig.Create(definition.Config.Select(c => KeyValuePair.Create(c.Key, (string?)c.Value)), out var error)
            ?? throw new InvalidDataException($"{path}: {error}");
        return new Topic(name, config, [.. OpenPartitions(directory, 0, definition.Partitions)]);
    }

    private IEnumerable<PartitionLog> OpenPartitions(string directory, int from, int to) =>
        Enumerable.Range(from, to - from).Select(i => PartitionLog.Open(PartitionDirectory(directory, i), _logger));

    private static void WriteDefinition(string directory, int partitions, TopicConfig config)
    {
        var definition = new TopicDefinition(partitions, new(config.Overrides.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal));
        var path = Path.Combine(directory, DefinitionFile);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(definition, TopicDefinitionJson.Default.TopicDefinition));
        File.Move(path + ".new", path, overwrite: true);
    }
}
