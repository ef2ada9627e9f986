using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EventDriven.Contracts;

namespace EventDriven.Migrator;

/// <summary>Creates the declared topics with their configuration, and corrects the configuration of those that exist.</summary>
internal static class TopicCreator
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>Creates what is missing and corrects what differs.</summary>
    /// <exception cref="MigrationException">The broker does not answer in time, or refuses a topic.</exception>
    public static async Task CreateAsync(
        string bootstrapServers, IReadOnlyList<DeclaredTopic> topics, TimeSpan patience, Action<string> report, CancellationToken cancellationToken)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers, ClientId = "migrator" })
            .SetLogHandler((_, _) => { }) // What matters comes as an exception.
            .Build();
        var partitions = await ExistingAsync(admin, bootstrapServers, patience, report, cancellationToken);

        try
        {
            var missing = topics.Where(topic => !partitions.ContainsKey(topic.Name)).ToList();
            await CreateMissingAsync(admin, missing);
            if (missing.Count > 0)
            {
                report($"topics: created {string.Join(", ", missing.Select(topic => topic.Name))}");
            }

            var present = topics.Except(missing).ToList();
            foreach (var topic in present.Where(topic => partitions[topic.Name] != topic.Partitions))
            {
                report($"topics: {topic.Name} has {partitions[topic.Name]} partitions, not {topic.Partitions}; left so, because another number would move keys");
            }

            await CorrectAsync(admin, present, report);
        }
        catch (KafkaException e)
        {
            throw new MigrationException($"Kafka at {bootstrapServers}: {ServerConnection.OneLine(e.Message)}", e);
        }
    }

    private static async Task<Dictionary<string, int>> ExistingAsync(
        IAdminClient admin, string bootstrapServers, TimeSpan patience, Action<string> report, CancellationToken cancellationToken)
    {
        var deadline = DateTimeOffset.UtcNow + patience;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var metadata = await Task.Run(() => admin.GetMetadata(TimeSpan.FromSeconds(2)), cancellationToken);
                return metadata.Topics.ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count, StringComparer.Ordinal);
            }
            catch (KafkaException e)
            {
                if (DateTimeOffset.UtcNow >= deadline)
                {
                    throw new MigrationException($"Kafka at {bootstrapServers} did not answer within {patience.TotalSeconds:0} s: {e.Error.Reason}", e);
                }
            }

            if (attempt == 0)
            {
                report($"waiting for Kafka at {bootstrapServers}");
            }

            await Task.Delay(250, cancellationToken);
        }
    }

    private static async Task CreateMissingAsync(IAdminClient admin, List<DeclaredTopic> missing)
    {
        if (missing.Count == 0)
        {
            return;
        }

        try
        {
            await admin.CreateTopicsAsync(
                missing.Select(topic => new TopicSpecification
                {
                    Name = topic.Name,
                    NumPartitions = topic.Partitions,
                    ReplicationFactor = topic.Replication,
                    Configs = new Dictionary<string, string>(topic.Config, StringComparer.Ordinal),
                }),
                new CreateTopicsOptions { OperationTimeout = Step, RequestTimeout = Step });
        }
        catch (CreateTopicsException e)
        {
            // One that appeared meanwhile was created by another migrator.
            var refused = e.Results.Where(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists).ToList();
            if (refused.Count > 0)
            {
                throw new MigrationException($"topics: {string.Join("; ", refused.Select(result => $"{result.Topic}: {result.Error.Reason}"))}", e);
            }
        }
    }

    private static async Task CorrectAsync(IAdminClient admin, List<DeclaredTopic> present, Action<string> report)
    {
        if (present.Count == 0)
        {
            return;
        }

        var described = await admin.DescribeConfigsAsync(
            present.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic.Name }),
            new DescribeConfigsOptions { RequestTimeout = Step });
        foreach (var topic in present)
        {
            var actual = described.Single(result => string.Equals(result.ConfigResource.Name, topic.Name, StringComparison.Ordinal));
            var differing = topic.Config
                .Where(wanted => !actual.Entries.TryGetValue(wanted.Key, out var entry) || !string.Equals(entry.Value, wanted.Value, StringComparison.Ordinal))
                .ToList();
            if (differing.Count > 0)
            {
                await CorrectAsync(admin, actual.ConfigResource, differing, report);
            }
        }
    }

    private static async Task CorrectAsync(
        IAdminClient admin, ConfigResource topic, List<KeyValuePair<string, string>> differing, Action<string> report)
    {
        var settings = string.Join(", ", differing.Select(entry => $"{entry.Key}={entry.Value}"));
        try
        {
            await admin.IncrementalAlterConfigsAsync(
                new Dictionary<ConfigResource, List<ConfigEntry>>
                {
                    [topic] = [.. differing.Select(entry =>
                        new ConfigEntry { Name = entry.Key, Value = entry.Value, IncrementalOperation = AlterConfigOpType.Set })],
                },
                new IncrementalAlterConfigsOptions { RequestTimeout = Step });
            report($"topics: {topic.Name} corrected to {settings}");
        }
        catch (KafkaException e)
        {
            // Not every broker lets a client change settings; the topic works, only its retention differs.
            report($"topics: {topic.Name} should have {settings}, but the broker refuses the change: {ServerConnection.OneLine(e.Error.Reason)}");
        }
    }
}
