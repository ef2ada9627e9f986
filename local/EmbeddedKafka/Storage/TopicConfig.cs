using System.Globalization;
using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>
/// The settings of a topic, by Kafka's names and with Kafka's defaults. Immutable. What Apache Kafka knows and this broker does
/// not do is refused, never stored and ignored.
/// </summary>
internal sealed class TopicConfig
{
    /// <summary>64 MiB instead of Apache's 1 GiB: after a kill the active segment of each partition is scanned, and a start shall be short.</summary>
    public const int DefaultSegmentBytes = 64 * 1024 * 1024;

    private static readonly Dictionary<string, Setting> Settings = new Setting[]
    {
        OneOf("cleanup.policy", "delete", "only delete is supported; compaction needs Apache Kafka"),
        OneOf("compression.type", "producer", "only producer is supported: batches are kept as they come"),
        OneOf("message.timestamp.type", "CreateTime", "only CreateTime is supported"),
        OneOf("min.insync.replicas", "1", "there is one replica"),
        Number("max.message.bytes", 1_048_588, 0, int.MaxValue),
        Number("message.timestamp.after.max.ms", 3_600_000, 0, long.MaxValue),
        Number("message.timestamp.before.max.ms", long.MaxValue, 0, long.MaxValue),
        Number("retention.bytes", -1, -1, long.MaxValue),
        Number("retention.ms", (long)TimeSpan.FromDays(7).TotalMilliseconds, -1, long.MaxValue),
        Number("segment.bytes", DefaultSegmentBytes, 14, int.MaxValue),
        Number("segment.ms", (long)TimeSpan.FromDays(7).TotalMilliseconds, 1, long.MaxValue),
    }.ToDictionary(s => s.Name, StringComparer.Ordinal);

    private TopicConfig(IReadOnlyDictionary<string, string> overrides)
    {
        Overrides = overrides;
        MaxMessageBytes = (int)Get("max.message.bytes");
        MaxTimestampAfterMs = Get("message.timestamp.after.max.ms");
        MaxTimestampBeforeMs = Get("message.timestamp.before.max.ms");
        RetentionBytes = Get("retention.bytes");
        RetentionMs = Get("retention.ms");
        SegmentBytes = (int)Get("segment.bytes");
        SegmentMs = Get("segment.ms");
    }

    public static TopicConfig Default { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>What was set on the topic itself.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; }

    /// <summary>Largest batch, in bytes.</summary>
    public int MaxMessageBytes { get; }

    /// <summary>How far in the future a record's time may be, in milliseconds.</summary>
    public long MaxTimestampAfterMs { get; }

    /// <summary>How far in the past a record's time may be, in milliseconds.</summary>
    public long MaxTimestampBeforeMs { get; }

    /// <summary>Bytes a partition is kept down to; -1 for no limit.</summary>
    public long RetentionBytes { get; }

    /// <summary>Milliseconds a record is kept; -1 for ever.</summary>
    public long RetentionMs { get; }

    /// <summary>Size at which a new segment is begun.</summary>
    public int SegmentBytes { get; }

    /// <summary>Age in milliseconds at which a new segment is begun.</summary>
    public long SegmentMs { get; }

    /// <summary>Checks and makes a configuration; <paramref name="error"/> tells what is wrong otherwise.</summary>
    public static TopicConfig? Create(IEnumerable<KeyValuePair<string, string?>> overrides, out string? error)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in overrides)
        {
            error = !Settings.TryGetValue(name, out var setting) ? $"Unknown or unsupported topic config name: {Shorten(name)}"
                : value is null ? $"Null value not supported for topic configs: {name}"
                : setting.Check(value) is { } problem ? $"Invalid value {Shorten(value)} for configuration {name}: {problem}"
                : values.TryAdd(name, value) ? null : $"{name} is given twice";
            if (error is not null)
                return null;
        }

        error = null;
        return new(values);
    }

    /// <summary>Every setting with its value and where it comes from.</summary>
    public IEnumerable<Protocol.Apis.DescribeConfigs.Entry> Describe() => Settings.Values.Select(s =>
        Overrides.TryGetValue(s.Name, out var value)
            ? new Protocol.Apis.DescribeConfigs.Entry(s.Name, value, false, Protocol.Apis.DescribeConfigs.Source.Topic)
            : new Protocol.Apis.DescribeConfigs.Entry(s.Name, s.Default, false, Protocol.Apis.DescribeConfigs.Source.Default));

    // What a client sent goes back to it in a message, which has room for 32 KB.
    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";

    private long Get(string name) =>
        long.Parse(Overrides.TryGetValue(name, out var value) ? value : Settings[name].Default, CultureInfo.InvariantCulture);

    private static Setting OneOf(string name, string only, string problem) => new(name, only, value => value == only ? null : problem);

    private static Setting Number(string name, long defaultValue, long min, long max) => new(
        name,
        defaultValue.ToString(CultureInfo.InvariantCulture),
        value => !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? "not a number"
            : number < min ? $"value must be at least {min}"
            : number > max ? $"value must be no more than {max}" : null);

    private sealed record Setting(string Name, string Default, Func<string, string?> Check);
}
