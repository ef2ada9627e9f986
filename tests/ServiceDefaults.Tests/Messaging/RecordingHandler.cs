using System.Collections.Concurrent;
using EventDriven.ServiceDefaults.MariaDb;
using EventDriven.ServiceDefaults.Messaging;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.Tests.Messaging;

/// <summary>Writes each event as a row of <c>applied</c>, then does what the test told it.</summary>
internal sealed class RecordingHandler(HandlerScript script) : IEventHandler
{
    public async Task ApplyAsync(IReadOnlyList<IncomingEvent> events, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        await new SqlBuilder().Sql("INSERT INTO applied (aggregate_id, version, note) VALUES ")
            .Rows(events, incoming => [incoming.Aggregate.Id, incoming.Version, script.Note(incoming)]).ExecuteAsync(transaction, cancellationToken);
        foreach (var incoming in events)
        {
            if (script.Failure(incoming) is { } failure)
            {
                script.Failures.Add(failure);
                throw failure;
            }
        }
    }
}

/// <summary>What the handler does beyond writing.</summary>
internal sealed class HandlerScript
{
    public Func<IncomingEvent, string> Note { get; set; } = _ => string.Empty;

    public Func<IncomingEvent, Exception?> Failure { get; set; } = _ => null;

    public ConcurrentBag<Exception> Failures { get; } = [];
}
