namespace EventDriven.Contracts;

/// <summary>Makes the ids of aggregates.</summary>
public static class NewId
{
    /// <summary>
    /// A UUIDv7 (RFC 9562) whose last byte is not zero: MariaDB leaves zero bytes at the end of a UUID out of its binary log, and Debezium then reads
    /// another id, so the changes of such a row would be captured under a wrong key (seen with Debezium 3.5.0).
    /// </summary>
    public static Guid At(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid id;
        do
        {
            id = Guid.CreateVersion7(now);
            id.TryWriteBytes(bytes);
        }
        while (bytes[15] == 0);

        return id;
    }
}
