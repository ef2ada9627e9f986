using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Tests.Support;

namespace EventDriven.EmbeddedKafka.Tests;

public sealed partial class ReadmeTests(Brokers brokers)
{
    [Fact]
    public async Task The_readme_lists_exactly_what_ApiVersions_advertises()
    {
        using var client = await RawClient.ConnectAsync(await brokers.GetAsync(BrokerKind.Embedded));
        var response = await client.CallAsync((short)ApiKey.ApiVersions, 0, _ => { });
        var reader = new KafkaReader(response!.Value, flexible: false);
        Assert.Equal(0, reader.ReadInt16());
        var advertised = reader.ReadArray(static (ref r, _) => $"{(ApiKey)r.ReadInt16()} {r.ReadInt16()}–{r.ReadInt16()}");

        Assert.Equal(advertised, Rows().Select(row => $"{row.Api} {row.Versions}"));
        Assert.All(Rows(), row => Assert.Equal(row.Key, (short)Enum.Parse<ApiKey>(row.Api)));
    }

    private static IEnumerable<(string Api, short Key, string Versions)> Rows([CallerFilePath] string thisFile = "")
    {
        var readme = Path.Combine(Path.GetDirectoryName(thisFile)!, "../../local/EmbeddedKafka/README.md");
        return File.ReadLines(readme)
            .Select(line => ApiRow().Match(line))
            .Where(m => m.Success)
            .Select(m => (m.Groups["api"].Value, short.Parse(m.Groups["key"].Value, CultureInfo.InvariantCulture), m.Groups["versions"].Value));
    }

    [GeneratedRegex(@"^\| (?<api>\w+) \| (?<key>\d+) \| (?<versions>\d+–\d+) \|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ApiRow();
}
