using System.Text.Json.Serialization;

namespace EventDriven.Contracts;

/// <summary>How much a customer has bought so far.</summary>
public enum CustomerTier
{
    /// <summary>Where everyone begins.</summary>
    [JsonStringEnumMemberName("standard")]
    Standard,

    /// <summary>The middle.</summary>
    [JsonStringEnumMemberName("silver")]
    Silver,

    /// <summary>The top.</summary>
    [JsonStringEnumMemberName("gold")]
    Gold,
}
