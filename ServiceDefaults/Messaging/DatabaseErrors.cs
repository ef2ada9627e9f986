using System.Net.Sockets;
using Confluent.Kafka;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Tells an error of the data from one of the infrastructure: the first parks an event, the second is waited out.</summary>
internal static class DatabaseErrors
{
    // The statement was understood and refused because of the values in it.
    private static readonly HashSet<int> Data =
    [
        1048, // column cannot be null
        1062, // duplicate key
        1264, // out of range
        1292, // wrong value for the type
        1366, // wrong string for the character set or type
        1406, // too long
        1452, // foreign key
        4025, // CHECK constraint
    ];

    /// <summary>Whether the values of a statement were refused.</summary>
    public static bool IsData(Exception exception) => exception is MySqlException { Number: var number } && Data.Contains(number);

    /// <summary>Whether it is about the database, the broker or the network, and so will pass.</summary>
    public static bool IsInfrastructure(Exception exception) =>
        exception is (MySqlException or KafkaException or IOException or SocketException or TimeoutException) && !IsData(exception);
}
