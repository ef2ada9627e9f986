namespace EventDriven.AnalyticsWorker.Windows;

/// <summary>Names a partition.</summary>
internal readonly record struct PartitionKey(string Topic, int Partition);
