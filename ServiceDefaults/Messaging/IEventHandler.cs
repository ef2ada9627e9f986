using MySqlConnector;

namespace EventDriven.ServiceDefaults.Messaging;

/// <summary>Writes the effect of events.</summary>
public interface IEventHandler
{
    /// <summary>
    /// Writes the effect of <paramref name="events"/> in <paramref name="transaction"/>, which the caller commits together with the new offsets.
    /// The events of an aggregate come in the order of their versions, without duplicates and without holes. May be called again with the same
    /// events after a rollback, so it keeps no state of its own.
    /// </summary>
    /// <exception cref="PoisonEventException">An event can never be applied.</exception>
    Task ApplyAsync(IReadOnlyList<IncomingEvent> events, MySqlTransaction transaction, CancellationToken cancellationToken);
}
