using System.Runtime.InteropServices;

namespace EventDriven.KafkaBench;

/// <summary>The notes of the soak's clients: fixed-size entries, so that one torn by a kill is simply not read.</summary>
internal static class SoakRecords
{
    private const int AcknowledgedLength = 12;
    private const int ConsumedLength = 24;

    /// <summary>A message: which producer, and its number there.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Message(int Producer, long Number);

    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Consumed(int Partition, long Offset, Message Message);

    public static void WriteAcknowledged(Stream file, Message message)
    {
        Span<byte> entry = stackalloc byte[AcknowledgedLength];
        BitConverter.TryWriteBytes(entry, message.Producer);
        BitConverter.TryWriteBytes(entry[4..], message.Number);
        file.Write(entry);
    }

    public static void WriteConsumed(Stream file, Consumed consumed)
    {
        Span<byte> entry = stackalloc byte[ConsumedLength];
        BitConverter.TryWriteBytes(entry, consumed.Partition);
        BitConverter.TryWriteBytes(entry[4..], consumed.Offset);
        BitConverter.TryWriteBytes(entry[12..], consumed.Message.Producer);
        BitConverter.TryWriteBytes(entry[16..], consumed.Message.Number);
        file.Write(entry);
    }

    public static IEnumerable<Message> ReadAcknowledged(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at + AcknowledgedLength <= bytes.Length; at += AcknowledgedLength)
            yield return new(BitConverter.ToInt32(bytes, at), BitConverter.ToInt64(bytes, at + 4));
    }

    public static IEnumerable<Consumed> ReadConsumed(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at + ConsumedLength <= bytes.Length; at += ConsumedLength)
        {
            yield return new(
                BitConverter.ToInt32(bytes, at),
                BitConverter.ToInt64(bytes, at + 4),
                new(BitConverter.ToInt32(bytes, at + 12), BitConverter.ToInt64(bytes, at + 16)));
        }
    }
}
