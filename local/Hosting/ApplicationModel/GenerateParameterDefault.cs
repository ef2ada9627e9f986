using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A random value, such as a password.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerChars = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperChars = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string DigitChars = "0123456789";
    private const string SpecialChars = "-_.{}~()*+!";

    /// <summary>Length in characters; 22 unless the minimum counts together ask for more.</summary>
    public int MinLength { get; set; } = 22;

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    public override string GetDefaultValue()
    {
        var pool = (Lower ? LowerChars : "") + (Upper ? UpperChars : "") + (Numeric ? DigitChars : "") + (Special ? SpecialChars : "");
        if (pool.Length == 0)
            throw new InvalidOperationException("At least one kind of character must be allowed.");

        char[] chars =
        [
            .. RandomNumberGenerator.GetItems<char>(LowerChars, MinLower),
            .. RandomNumberGenerator.GetItems<char>(UpperChars, MinUpper),
            .. RandomNumberGenerator.GetItems<char>(DigitChars, MinNumeric),
            .. RandomNumberGenerator.GetItems<char>(SpecialChars, MinSpecial),
            .. RandomNumberGenerator.GetItems<char>(pool, Math.Max(0, MinLength - MinLower - MinUpper - MinNumeric - MinSpecial)),
        ];
        RandomNumberGenerator.Shuffle<char>(chars);
        return new string(chars);
    }
}
