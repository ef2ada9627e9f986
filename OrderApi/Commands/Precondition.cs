using EventDriven.OrderApi.Http;

namespace EventDriven.OrderApi.Commands;

/// <summary>The versions that the client takes (If-Match).</summary>
/// <param name="Accepted">Their entity tags, or null for any.</param>
internal sealed record Precondition(IReadOnlyList<string>? Accepted)
{
    /// <summary>The problem if the client wants another version than there is.</summary>
    public Problem? Check(int version) =>
        Accepted is null || Accepted.Contains(EntityTag.Of(version), StringComparer.Ordinal) ? null : Problem.WrongVersion(version);
}
