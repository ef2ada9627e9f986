namespace EventDriven.EmbeddedKafka.Storage;

/// <summary>A fetch that waits for records: completed by the first append to any of the partitions it was given to.</summary>
internal sealed class FetchWaiter() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
