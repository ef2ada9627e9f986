using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EventDriven.EmbeddedKafka.Tests.Support;
using ErrorCode = EventDriven.EmbeddedKafka.Protocol.ErrorCode;

namespace EventDriven.EmbeddedKafka.Tests;

public sealed class DiskFullTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private bool _mounted;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A small file system can only be mounted as root.");
        var (exitCode, output) = await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", _folder.Path], ct: TestContext.Current.CancellationToken);
        Assert.SkipUnless(exitCode == 0, $"A small file system cannot be mounted here: {output}");
        _mounted = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
            await ChildProcess.RunAsync("umount", [_folder.Path]);

        _folder.Dispose();
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_keeps_reads_and_goes_on_when_there_is_room()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var broker = await EmbeddedBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path }, ct);
        var clients = new Clients(broker.BootstrapServers);
        var filler = await clients.CreateTopicAsync();
        var topic = await clients.CreateTopicAsync();
        using var client = await RawClient.ConnectAsync(broker.BootstrapServers);
        for (var i = 0; i < 3; i++)
            Assert.Equal((ErrorCode.None, (long)i), await Batches.SendAsync(client, topic, Batches.Make(1, value: $"{i}")));

        var large = new string('x', 300_000);
        var error = ErrorCode.None;
        for (var i = 0; i < 20 && error == ErrorCode.None; i++)
            error = (await Batches.SendAsync(client, filler, Batches.Make(1, value: large))).Error;
        Assert.Equal(ErrorCode.KafkaStorageError, error);
        Assert.Equal(ErrorCode.KafkaStorageError, (await Batches.SendAsync(client, topic, Batches.Make(1, value: large))).Error);

        Assert.Equal(["0", "1", "2"], clients.Read(topic, 3).Select(r => r.Message.Value));

        using var admin = clients.Admin();
        await admin.DeleteTopicsAsync([filler]);
        Assert.Equal((ErrorCode.None, 3L), await Batches.SendAsync(client, topic, Batches.Make(1, value: "3")));
        Assert.Equal(["0", "1", "2", "3"], clients.Read(topic, 4).Select(r => r.Message.Value));
    }
}
