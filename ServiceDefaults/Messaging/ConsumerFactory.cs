using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Makes Kafka consumers from the settings that the Aspire registration read.</summary>
internal sealed class ConsumerFactory(Func<ConsumerConfig> settings, ILogger<ConsumerFactory> logger)
{
    /// <summary>A consumer of the group.</summary>
    public ConsumerBuilder<byte[]?, byte[]?> InGroup() => Builder(settings());

    /// <summary>A consumer that is told its partitions and commits nothing.</summary>
    public ConsumerBuilder<byte[]?, byte[]?> Apart()
    {
        var config = settings();
        config.GroupId += ".redrive";
        config.EnableAutoCommit = false;
        config.EnablePartitionEof = true;
        return Builder(config);
    }

    /// <summary>Settings on which correctness rests, and defaults for what is a matter of taste.</summary>
    public static void Configure(ConsumerConfig config, string group)
    {
        config.GroupId = group;

        // Where to begin stands in the database. What is committed to Kafka, behind it and in the background, is for tools that show lag.
        config.EnableAutoCommit = true;
        config.EnableAutoOffsetStore = false;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        config.PartitionAssignmentStrategy ??= PartitionAssignmentStrategy.CooperativeSticky;
        config.AutoCommitIntervalMs ??= 5000;

        // A worker that died is replaced after this long.
        config.SessionTimeoutMs ??= 10_000;
        config.HeartbeatIntervalMs ??= 3_000;

        // What the client fetches ahead is bounded in memory, for each partition.
        config.QueuedMaxMessagesKbytes ??= 2048;
        config.QueuedMinMessages ??= 2000;
        config.FetchMaxBytes ??= 8 * 1024 * 1024;
    }

    private ConsumerBuilder<byte[]?, byte[]?> Builder(ConsumerConfig config) =>
        new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetLogHandler((_, message) => Log.ClientError(logger, message.Message))
            .SetErrorHandler((_, error) => Log.ClientError(logger, error.Reason));
}
