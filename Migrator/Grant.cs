namespace EventDriven.Migrator;

/// <summary>One GRANT of a database's <c>grants.sql</c>.</summary>
/// <param name="User">Who gets it.</param>
/// <param name="Statement">The statement, without the semicolon.</param>
internal sealed record Grant(string User, string Statement);
