using EventDriven.EmbeddedKafka.Protocol;

namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>What became of a batch.</summary>
/// <param name="BaseOffset">The offset of its first record; -1 with an error.</param>
/// <param name="Message">For people, with an error.</param>
internal readonly record struct AppendResult(ErrorCode Error, long BaseOffset, string? Message = null)
{
    public static AppendResult Failed(ErrorCode error, string message) => new(error, -1, message);
}
