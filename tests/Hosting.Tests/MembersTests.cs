using System.Reflection;
using System.Runtime.CompilerServices;

namespace EventDriven.Hosting.Tests;

public sealed class MembersTests
{
    [Fact]
    public async Task The_README_lists_exactly_the_members_there_are()
    {
        var readme = await File.ReadAllLinesAsync(ReadmePath(), TestContext.Current.CancellationToken);
        var listed = readme.SkipWhile(l => l != "```members").Skip(1).TakeWhile(l => l != "```").Where(l => l.Length > 0);

        // To renew the list, take it from this test's message.
        var actual = Members().ToArray();
        Assert.True(actual.SequenceEqual(listed), string.Join(Environment.NewLine, actual));
    }

    private static IEnumerable<string> Members() => typeof(DistributedApplication).Assembly.GetExportedTypes()
        .OrderBy(t => t.Namespace, StringComparer.Ordinal).ThenBy(Name, StringComparer.Ordinal)
        .GroupBy(t => t.Namespace)
        .SelectMany(g => g.Select(t => $"{Name(t)}{Suffix(t)}").Prepend($"[{g.Key}]"));

    private static string Name(Type type) => (type.DeclaringType is { } outer ? Name(outer) + "." : "") + type.Name.Split('`')[0] + (type.IsGenericType ? "<T>" : "");

    private static string Suffix(Type type)
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var names = type.GetMembers(declared)
            .Where(m => m is PropertyInfo or MethodInfo { IsSpecialName: false } or FieldInfo { IsSpecialName: false })
            .Where(m => m.GetCustomAttribute<CompilerGeneratedAttribute>() is null && m.Name is not ("ToString" or "Equals" or "GetHashCode" or "<Clone>$" or "Deconstruct"))
            .Select(m => m.Name)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        return names.Length == 0 ? "" : ": " + string.Join(", ", names);
    }

    private static string ReadmePath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../local/Hosting/README.md");
}
