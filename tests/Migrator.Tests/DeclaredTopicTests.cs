using EventDriven.Contracts;

namespace EventDriven.Migrator.Tests;

public sealed class DeclaredTopicTests
{
    [Fact]
    public void Without_a_number_of_brokers_a_topic_is_as_the_contracts_say_and_the_brokers_are_set_up()
    {
        var topic = DeclaredTopic.Of(Topics.Orders, replication: null);
        Assert.Equal((Topics.Orders.Name, Topics.Orders.Partitions, (short)-1), (topic.Name, topic.Partitions, topic.Replication));
        Assert.Equal(Topics.Orders.Config, topic.Config);
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1")]
    [InlineData(3, "2")]
    public void With_a_number_one_of_the_brokers_may_be_down(int replication, string inSync)
    {
        var topic = DeclaredTopic.Of(Topics.Orders, replication);
        Assert.Equal(replication, topic.Replication);
        Assert.Equal(inSync, topic.Config["min.insync.replicas"]);
        Assert.All(Topics.Orders.Config, setting => Assert.Equal(setting.Value, topic.Config[setting.Key]));
    }

    [Fact]
    public void One_setting_covers_every_topic_those_of_Connect_too()
    {
        var options = new MigratorOptions { ServerConnectionString = "", ConnectTopics = true, TopicReplication = 3 };
        var topics = SchemaMigrator.DeclaredTopics(options);
        Assert.Equal(Topics.All.Concat(ConnectTopics.All).Select(topic => topic.Name).Order(StringComparer.Ordinal), topics.Select(topic => topic.Name).Order(StringComparer.Ordinal));
        Assert.All(topics, topic => Assert.Equal((3, "2"), (topic.Replication, topic.Config["min.insync.replicas"])));
        Assert.Equal(Topics.All.Count, SchemaMigrator.DeclaredTopics(options with { ConnectTopics = false }).Count);
    }
}
