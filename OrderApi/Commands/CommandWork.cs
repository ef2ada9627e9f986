using EventDriven.ServiceDefaults.Outbox;

namespace EventDriven.OrderApi.Commands;

/// <summary>A command with valid arguments: reads, decides, and writes state and events; or refuses before it writes anything. It may be run again.</summary>
internal delegate Task<CommandAnswer> CommandWork(OutboxTransaction transaction, Precondition precondition, CancellationToken cancellationToken);
