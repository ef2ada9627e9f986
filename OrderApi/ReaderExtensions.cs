using MySqlConnector;

namespace EventDriven.OrderApi;

/// <summary>Reads the column types that this system uses.</summary>
internal static class ReaderExtensions
{
    /// <summary>A DATETIME(6), which is always UTC here.</summary>
    public static DateTimeOffset GetInstant(this MySqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    public static DateTimeOffset? GetInstantOrNull(this MySqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInstant(column);

    public static string? GetStringOrNull(this MySqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
