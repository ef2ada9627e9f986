using System.Text.Json.Serialization.Metadata;
using EventDriven.OrderApi.Http;
using EventDriven.OrderApi.Idempotency;
using EventDriven.ServiceDefaults.Outbox;

namespace EventDriven.OrderApi.Commands;

/// <summary>The way of every command: read, validate with all errors at once, then one transaction that holds state, events and the idempotency key.</summary>
internal sealed class CommandRunner(TransactionalOutbox outbox, IdempotencyStore keys)
{
    public const string CorrelationHeader = "X-Correlation-Id";
    private const int LongestCorrelationId = 128;

    /// <summary>Runs a command that has a body.</summary>
    /// <param name="http">The request.</param>
    /// <param name="shape">The body's JSON shape.</param>
    /// <param name="prepare">Checks every field and returns the work; it is run only if no error was noted.</param>
    public async Task<IResult> RunAsync<TRequest>(HttpContext http, JsonTypeInfo<TRequest> shape, Func<TRequest, Validator, CommandWork> prepare)
        where TRequest : class
    {
        var (body, unreadable) = await RequestBody.ReadAsync(http.Request, http.RequestAborted);
        if (unreadable is not null)
        {
            return new ProblemResult(unreadable);
        }

        return await RunAsync(http, body, validator =>
        {
            var (request, malformed) = RequestBody.Parse(body, shape);
            return malformed is null ? (null, prepare(request!, validator)) : (malformed, null);
        });
    }

    /// <summary>Runs a command that needs no body; one that is sent still belongs to what an idempotency key stands for.</summary>
    public async Task<IResult> RunAsync(HttpContext http, CommandWork work) =>
        await RunAsync(http, await RequestBody.BytesAsync(http.Request, http.RequestAborted), _ => (null, work));

    private async Task<IResult> RunAsync(HttpContext http, byte[] body, Func<Validator, (Problem? Malformed, CommandWork? Work)> prepare)
    {
        var validator = new Validator();
        var key = IdempotencyKey.Read(http.Request, body, validator);
        if (!EntityTag.TryReadIfMatch(http.Request, out var accepted))
        {
            validator.Add("If-Match", "must be * or a list of entity tags, such as \"3\"");
        }

        var correlationId = http.Request.Headers[CorrelationHeader].ToString();
        if (correlationId.Length > LongestCorrelationId || correlationId.Any(c => c is < '!' or > '~'))
        {
            validator.Add(CorrelationHeader, $"must be at most {LongestCorrelationId} visible ASCII characters");
        }

        var (malformed, work) = prepare(validator);
        if ((malformed ?? validator.Problem) is { } invalid)
        {
            // Another body under a key that was used is the graver error, even where that body is invalid.
            return (key is null ? null : await keys.FindAsync(key, http.RequestAborted)) ?? new ProblemResult(invalid);
        }

        var context = new EventContext(correlationId.Length == 0 ? null : correlationId, key?.Value ?? http.TraceIdentifier);
        var precondition = new Precondition(accepted);
        return key is null
            ? await outbox.ExecuteAsync((tx, cancellation) => work!(tx, precondition, cancellation), http.RequestAborted, context)
            : await keys.RunOnceAsync(outbox, key, (tx, cancellation) => work!(tx, precondition, cancellation), context, http.RequestAborted);
    }
}
