namespace EventDriven.AnalyticsWorker.Windows;

/// <summary>What a batch does to a partition's watermark.</summary>
/// <param name="Source">The partition.</param>
/// <param name="Watermark">The highest event time seen in it, UTC.</param>
/// <param name="Late">Orders dropped because their window was closed.</param>
internal readonly record struct WatermarkChange(PartitionKey Source, DateTime Watermark, int Late);
