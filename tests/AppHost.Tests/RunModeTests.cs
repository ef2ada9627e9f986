using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace EventDriven.AppHost.Tests;

public sealed class RunModeTests
{
    private static readonly Machine Bare = new(Containers: false, MariaDbServer: "/usr/sbin/mariadbd", KafkaHome: null, ConnectPluginPath: null);
    private static readonly Machine WithKafka = Bare with { KafkaHome = "/opt/kafka" };
    private static readonly Machine WithConnect = WithKafka with { ConnectPluginPath = "/opt/plugins" };
    private static readonly Machine WithContainers = Bare with { Containers = true };
    private static readonly Machine WithEverything = WithConnect with { Containers = true };

    public static TheoryData<string, string, string> Choices => new()
    {
        // what the machine has, what is configured, what comes of it: MariaDB, Kafka, Connect
        { nameof(Bare), "", "Process Embedded None" },
        { nameof(WithKafka), "", "Process Process None" },
        { nameof(WithConnect), "", "Process Process Process" },
        { nameof(WithContainers), "", "Container Container Container" },
        { nameof(WithEverything), "", "Container Container Container" },
        { nameof(Bare), "ConnectionStrings:ecommerce=Server=db", "Given Embedded None" },
        { nameof(Bare), "ConnectionStrings:kafka=broker:9092", "Process Given None" },
        { nameof(WithConnect), "ConnectionStrings:kafka=broker:9092", "Process Given Process" },
        { nameof(WithContainers), "ConnectionStrings:kafka=broker:9092", "Container Given None" },
        { nameof(WithContainers), "ConnectionStrings:ecommerce=Server=db;ConnectionStrings:kafka=broker:9092", "Given Given None" },
        { nameof(WithConnect), "Mode:Kafka=Embedded", "Process Embedded None" },
        { nameof(WithConnect), "Mode:Connect=None", "Process Process None" },
        { nameof(WithEverything), "Mode:MariaDb=Process", "Process Container None" },
        { nameof(WithEverything), "Mode:MariaDb=Process;Mode:Kafka=Process", "Process Process Process" },
        { nameof(WithContainers), "Mode:Kafka=embedded", "Container Embedded None" },
        { nameof(WithConnect), "ConnectionStrings:kafka=broker:9092;Mode:Kafka=Process", "Process Process Process" },
    };

    public static TheoryData<string, string, string> Refusals => new()
    {
        { nameof(Bare), "Mode:Kafka=Given", "Mode:Kafka=Given needs ConnectionStrings:kafka." },
        { nameof(Bare), "Mode:MariaDb=Given", "Mode:MariaDb=Given needs ConnectionStrings:ecommerce." },
        { nameof(Bare), "Mode:MariaDb=Container", "Containers need a container engine and the Aspire packages (UseAspirePackages=true)." },
        { nameof(Bare), "Mode:Kafka=Process", "Mode:Kafka=Process needs KAFKA_HOME, the folder of a Kafka distribution." },
        { nameof(Bare), "Mode:Kafka=Zookeeper", "Mode:Kafka=Zookeeper is not known: use Given, Container, Process, Embedded." },
        { nameof(Bare), "Mode:MariaDb=Embedded", "Mode:MariaDb=Embedded is not known: use Given, Container, Process." },
        { nameof(WithKafka), "Mode:Connect=Process", "Mode:Connect=Process needs KAFKA_HOME and CONNECT_PLUGIN_PATH." },
        { nameof(WithConnect), "Mode:Connect=Process;Mode:Kafka=Embedded", "Debezium Connect needs Apache Kafka; the embedded broker is not enough." },
        { nameof(WithEverything), "Mode:Connect=Container;Mode:Kafka=Process", "Mode:Connect=Container needs MariaDB and Kafka as containers too." },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void Each_service_is_run_as_configuration_and_machine_allow(string machine, string settings, string expected)
    {
        var mode = RunMode.Decide(Configuration(settings), Named(machine));
        Assert.Equal(expected, $"{mode.MariaDb} {mode.Kafka} {mode.Connect}");
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void An_impossible_choice_is_refused_with_what_to_do(string machine, string settings, string message) =>
        Assert.Equal(message, Assert.Throws<DistributedApplicationException>(() => RunMode.Decide(Configuration(settings), Named(machine))).Message);

    [Fact]
    public void A_machine_without_MariaDB_says_which_package_to_install() => Assert.Equal(
        "MariaDB is not installed: install the package mariadb-server, or set ConnectionStrings:ecommerce.",
        Assert.Throws<DistributedApplicationException>(() => RunMode.Decide(Configuration(""), Bare with { MariaDbServer = null })).Message);

    [Theory]
    [InlineData(nameof(Bare), "10.11.19", "MariaDB: process 10.11.19 · Kafka: embedded · Connect: not started, set KAFKA_HOME and CONNECT_PLUGIN_PATH")]
    [InlineData(nameof(WithKafka), "11.8.3", "MariaDB: process 11.8.3 · Kafka: process · Connect: not started, set CONNECT_PLUGIN_PATH")]
    [InlineData(nameof(WithConnect), "12.3.1", "MariaDB: process 12.3.1 · Kafka: process · Connect: process")]
    [InlineData(nameof(WithContainers), null, "MariaDB: container · Kafka: container · Connect: container")]
    public void The_mode_is_told_in_one_line(string machine, string? version, string line) =>
        Assert.Equal(line, RunMode.Decide(Configuration(""), Named(machine)).Describe(version));

    private static Machine Named(string name) => name switch
    {
        nameof(WithKafka) => WithKafka,
        nameof(WithConnect) => WithConnect,
        nameof(WithContainers) => WithContainers,
        nameof(WithEverything) => WithEverything,
        _ => Bare,
    };

    private static IConfigurationRoot Configuration(string settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])))
        .Build();
}
