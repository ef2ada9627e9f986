using System.Globalization;
using Confluent.Kafka;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Partitions for a log line.</summary>
internal static class PartitionRanges
{
    /// <summary>For example <c>events.customer 0-11, events.order 3,5-7</c>.</summary>
    public static string Text(IEnumerable<TopicPartition> partitions) => string.Join(", ", partitions
        .GroupBy(partition => partition.Topic, StringComparer.Ordinal)
        .OrderBy(topic => topic.Key, StringComparer.Ordinal)
        .Select(topic => $"{topic.Key} {Ranges([.. topic.Select(partition => partition.Partition.Value).Order()])}"));

    private static string Ranges(IReadOnlyList<int> numbers)
    {
        List<string> ranges = [];
        for (var first = 0; first < numbers.Count;)
        {
            var last = first;
            while (last + 1 < numbers.Count && numbers[last + 1] == numbers[last] + 1)
            {
                last++;
            }

            var until = last == first ? "" : string.Create(CultureInfo.InvariantCulture, $"-{numbers[last]}");
            ranges.Add(string.Create(CultureInfo.InvariantCulture, $"{numbers[first]}{until}"));
            first = last + 1;
        }

        return string.Join(',', ranges);
    }
}
