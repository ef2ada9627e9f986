using System.Text.RegularExpressions;

namespace EventDriven.Migrator;

/// <summary>The SQL files of <c>Migrator/Sql</c>, carried inside the assembly.</summary>
internal static partial class Scripts
{
    /// <summary>The databases of the system, in the order in which they are migrated.</summary>
    public static readonly IReadOnlyList<string> Databases = ["ecommerce", "readmodel", "analytics"];

    /// <summary>Beginning of the resource names of a database's scripts.</summary>
    public static string ResourcePrefix(string database) => $"{typeof(Scripts).Namespace}.Sql.{database}.";

    /// <summary>The grants of a database, from its <c>grants.sql</c>.</summary>
    /// <exception cref="MigrationException">A line is not a GRANT to one user.</exception>
    public static IReadOnlyList<Grant> Grants(string database)
    {
        using var stream = typeof(Scripts).Assembly.GetManifestResourceStream(ResourcePrefix(database) + "grants.sql");
        if (stream is null)
        {
            return [];
        }

        using var reader = new StreamReader(stream);
        return ParseGrants(database, reader.ReadToEnd());
    }

    internal static IReadOnlyList<Grant> ParseGrants(string database, string sql) =>
        [.. sql.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("--", StringComparison.Ordinal))
            .Select(line => GrantLine().Match(line) is { Success: true } match
                ? new Grant(match.Groups["user"].Value, match.Groups["statement"].Value)
                : throw new MigrationException($"{database}/grants.sql: not 'GRANT … ON … TO user;': {line}"))];

    [GeneratedRegex(@"^(?<statement>GRANT .+ ON .+ TO (?<user>[a-z_]+));$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GrantLine();
}
