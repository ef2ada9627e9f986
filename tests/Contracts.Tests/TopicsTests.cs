using System.Text.RegularExpressions;
using EventDriven.Contracts;

namespace EventDriven.Contracts.Tests;

public sealed partial class TopicsTests
{
    [Fact]
    public void Every_aggregate_type_has_its_event_topic_and_its_dead_letters()
    {
        var names = Topics.All.Select(topic => topic.Name).ToList();
        Assert.All(AggregateTypes.All, type =>
        {
            Assert.Contains(Topics.NameFor(type), names);
            Assert.Contains($"dlq.{Topics.NameFor(type)}", names);
        });
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Events_are_kept_for_ever_and_the_rest_for_seven_days() => Assert.All(Topics.All, topic =>
        Assert.Equal(Topics.Events.Contains(topic) ? "-1" : "604800000", topic.Config["retention.ms"]));

    [Fact]
    public void Names_are_kebab_case_segments() => Assert.All(Topics.All, topic => Assert.Matches(TopicName(), topic.Name));

    [GeneratedRegex(@"^(dlq\.)?(events|analytics)\.[a-z]+(-[a-z]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TopicName();
}
