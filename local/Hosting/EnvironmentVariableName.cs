namespace Aspire.Hosting;

internal static class EnvironmentVariableName
{
    /// <summary>Anything but letters, digits and underscores becomes an underscore; a leading digit gets one before it.</summary>
    public static string Encode(string name)
    {
        var encoded = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? "_" + encoded : encoded;
    }
}
