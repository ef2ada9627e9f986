namespace EventDriven.Migrator;

/// <summary>A migration run could not be finished; the message says what failed and why, in one line.</summary>
public sealed class MigrationException(string message, Exception? innerException = null) : Exception(message, innerException);
