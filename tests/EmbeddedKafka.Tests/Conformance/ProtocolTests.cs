using System.Text;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Tests.Support;

namespace EventDriven.EmbeddedKafka.Tests.Conformance;

public sealed class ProtocolTests(Brokers brokers)
{
    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task An_ApiVersions_request_from_the_future_is_answered_with_what_there_is(BrokerKind kind)
    {
        using var client = await RawClient.ConnectAsync(await brokers.GetAsync(kind));
        var response = await client.CallAsync((short)ApiKey.ApiVersions, 99, w => w.WriteInt8(0)); // no tagged fields: since version 3 the header has a place for them

        Assert.NotNull(response);
        var reader = new KafkaReader(response.Value, flexible: false);
        Assert.Equal(ErrorCode.UnsupportedVersion, (ErrorCode)reader.ReadInt16());
        var ranges = reader.ReadArray(static (ref r, _) => (Key: (ApiKey)r.ReadInt16(), Min: r.ReadInt16(), Max: r.ReadInt16()));
        Assert.Contains(ranges, r => r.Key == ApiKey.ApiVersions && r.Max >= 3);
    }

    [Theory, InlineData(BrokerKind.Embedded), InlineData(BrokerKind.Apache)]
    public async Task An_unknown_request_an_unknown_version_and_junk_close_only_their_own_connection(BrokerKind kind)
    {
        var address = await brokers.GetAsync(kind);
        using var bystander = await RawClient.ConnectAsync(address);
        Assert.NotNull(await bystander.CallAsync((short)ApiKey.ApiVersions, 0, _ => { }));

        using var unknownApi = await RawClient.ConnectAsync(address);
        Assert.Null(await unknownApi.CallAsync(999, 0, _ => { }));

        using var unknownVersion = await RawClient.ConnectAsync(address);
        Assert.Null(await unknownVersion.CallAsync((short)ApiKey.Metadata, 99, _ => { }));

        using var web = await RawClient.ConnectAsync(address);
        await web.SendBytesAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.True(await web.IsClosedByBrokerAsync());

        using var truncated = await RawClient.ConnectAsync(address);
        Assert.Null(await truncated.CallAsync((short)ApiKey.Produce, 7, w => w.WriteInt16(12)));

        Assert.NotNull(await bystander.CallAsync((short)ApiKey.ApiVersions, 0, _ => { }));
    }
}
