using System.Text.Json;
using EventDriven.Contracts;

namespace EventDriven.Contracts.Tests;

public sealed class EventSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> EventTypes => [.. EventJson.EventTypes.Order(StringComparer.Ordinal)];

    /// <summary>With UPDATE_DOCS=1 in the environment the test writes the files instead.</summary>
    [Theory]
    [MemberData(nameof(EventTypes))]
    public async Task The_schema_in_the_docs_is_the_contracts(string eventType)
    {
        var file = Path.Combine(Root(), "docs", "events", $"{eventType}.schema.json");
        var schema = EventSchema.Of(eventType).ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, schema, TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(file), $"{file} is missing: run UPDATE_DOCS=1 dotnet run --project tests/Contracts.Tests");
        Assert.Equal(schema, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_member_that_is_read_as_required_is_required() => Assert.All(Samples.All, sample =>
    {
        var payload = JsonDocument.Parse(EventJson.Write(sample)).RootElement;
        var required = EventSchema.Of(sample.EventType)["required"]!.AsArray().Select(name => name!.GetValue<string>());
        Assert.Equal(payload.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal), required.Order(StringComparer.Ordinal));
    });

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EventDriven.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("EventDriven.sln");
        }

        return folder;
    }
}
