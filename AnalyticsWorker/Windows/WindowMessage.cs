using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using EventDriven.Contracts;

namespace EventDriven.AnalyticsWorker.Windows;

/// <summary>A window's record on its topic.</summary>
internal static class WindowMessage
{
    /// <summary>The key is the window's beginning, so the topic holds one line of versions per window, in order.</summary>
    public static Message<byte[]?, byte[]?> Of(OrdersPerMinute window) => new()
    {
        Key = Encoding.UTF8.GetBytes(window.WindowStart.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        Value = JsonSerializer.SerializeToUtf8Bytes(window, AnalyticsJsonContext.Default.OrdersPerMinute),
    };
}
