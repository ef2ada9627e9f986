namespace EventDriven.AnalyticsWorker.Windows;

/// <summary>What a batch adds to a window.</summary>
/// <param name="Start">Where the window begins, UTC.</param>
/// <param name="Orders">Orders.</param>
/// <param name="Revenue">Sum of their totals.</param>
internal readonly record struct WindowChange(DateTime Start, int Orders, decimal Revenue);
